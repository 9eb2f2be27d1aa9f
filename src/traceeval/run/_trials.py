"""Trials run and judged: what a worker does with one. It owns a sandbox; the agent never shares a process with a score."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property

import msgspec

from traceeval.compare._divergence import Steps, parting
from traceeval.compare.outcome import FINDINGS, SCORERS, outcome_of
from traceeval.judge import JudgeSettings
from traceeval.model import Divergence, Policy, Scenario, Trial, TrialOutcome, Value, text_of
from traceeval.replay import Planned, Suite
from traceeval.replay.agents import open_agent
from traceeval.replay.sandbox import Sandbox, Walls
from traceeval.replay.trial import Stage, open_sandbox, run_trial
from traceeval.run._examine import examine
from traceeval.run._referee import Referee
from traceeval.run._setup import Kit, Setup
from traceeval.run._traces import steps_of


class Judged(Value, frozen=True):
    """A trial with its outcome. ``agent``: the baseline that ran it; None: the agent under test."""

    trial: Trial
    outcome: TrialOutcome
    agent: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Troupe:
    """Everything a worker needs, in a form that travels: the agent is what people write, or a function where nothing travels."""

    suite: Suite
    agent: str | Callable[..., object]
    walls: Walls = field(default_factory=Walls)
    settings: JudgeSettings = field(default_factory=JudgeSettings)

    def __call__(self) -> Work:
        """Make the worker's function."""
        return Work(self)


class Work:
    """``bytes`` of (baseline or None, cell, seed) -> ``bytes`` of a ``Judged``. Sandboxes are opened when first needed."""

    def __init__(self, troupe: Troupe) -> None:
        self._troupe = troupe
        self._boxes: dict[str | None, tuple[Stage, Sandbox]] = {}
        self._open: list[Sandbox] = []
        weakref.finalize(self, _close, self._open)

    def __call__(self, payload: bytes) -> bytes:
        """Run one trial and judge it."""
        agent, planned = unpack(payload)
        stage, box = self._box(agent)
        return msgspec.json.encode(self.judged(run_trial(stage, box, planned), planned, stage, agent))

    def judged(self, trial: Trial, planned: Planned, stage: Stage, agent: str | None = None) -> Judged:
        """A trial with its outcome."""
        return Judged(trial=trial, outcome=self._outcome(trial, stage.told(planned), stage), agent=agent)

    def close(self) -> None:
        """End every nursery."""
        _close(self._open)

    @property
    def levels(self) -> dict[str | None, str]:
        """The sandbox level in force, by agent."""
        return {agent: box.level for agent, (_, box) in self._boxes.items()}

    def _box(self, agent: str | None) -> tuple[Stage, Sandbox]:
        found = self._boxes.get(agent)
        if found is None:
            made = open_agent(self._troupe.agent if agent is None else agent)
            stage = Stage(suite=self._troupe.suite, agent=made, settings=self._troupe.settings)
            found = self._boxes[agent] = (stage, open_sandbox(stage, self._troupe.walls))
            self._open.append(found[1])
        return found

    def _outcome(self, trial: Trial, scenario: Scenario, stage: Stage) -> TrialOutcome:
        rules = scenario.assertions.policy
        ruling = self._referee.judge(trial.trace, rules) if rules is not None else None
        return outcome_of(trial, scenario, examine(trial.trace, self._kit).dossier, stage.state(scenario), ruling)

    @cached_property
    def _referee(self) -> Referee:
        """Opened when the first trial with policy rules is judged."""
        found = Referee(self._troupe.suite, self._troupe.walls)
        self._open.append(found.box)
        return found

    @cached_property
    def _kit(self) -> Kit:
        """Only what an outcome rests on; ``evaluate`` scores the traces in full."""
        whole = Setup(policy=self._policy, tools=self._troupe.suite.tools, scorers=SCORERS).load()
        return replace(whole, diagnoses=tuple(one for one in whole.diagnoses if one.name in FINDINGS), rules=())

    @cached_property
    def _policy(self) -> Policy:
        from traceeval.risk import load_policy

        return load_policy()


def pack(planned: Planned, agent: str | None = None) -> bytes:
    """A trial in a form that travels."""
    return msgspec.msgpack.encode((agent, planned))


def unpack(payload: bytes) -> tuple[str | None, Planned]:
    """Which agent, and which trial."""
    return msgspec.msgpack.decode(payload, type=tuple[str | None, Planned])


def parted_trials(twin: Trial, other: Trial) -> Divergence | None:
    """The first step, or the answer, in which a trial differs from its twin; None where all are the same."""
    return parting(*(Steps(one.id, one.trace.id, _told_steps(one)) for one in (twin, other)))


def _told_steps(trial: Trial) -> list[str]:
    answer = text_of(trial.trace.answer)
    return [*steps_of(trial.trace), *([f"answer: {answer}"] if answer is not None else [])]


def _close(boxes: list[Sandbox]) -> None:
    while boxes:
        boxes.pop().close()
