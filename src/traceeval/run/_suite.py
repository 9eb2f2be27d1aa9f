"""A suite replayed, from its files to a folder of traces and outcomes: the order of the stages."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import msgspec

from traceeval import __version__
from traceeval.compare.reliability import summarise
from traceeval.engines import Engine, Lost, Pool, Serial
from traceeval.errors import ConfigError
from traceeval.judge import JudgeSettings
from traceeval.model import Cell, Scenario, TrialOutcome
from traceeval.model.replayed import Manifest, ReplaySummary
from traceeval.replay import Planned, Suite, cells_of, plan
from traceeval.replay.agents import open_agent
from traceeval.replay.sandbox import Walls
from traceeval.report.replay_page import MOST_FAILING, FailedTrial, replay_page
from traceeval.run._journal import Journal
from traceeval.run._trials import Troupe, pack, parted_trials

RULES = "policy rules"
BASELINES = ("noop", "random", "reference")
Told = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayOrder:
    """What to replay. ``agent``: what people write, or a callable. ``n``: trials a cell; None: what scenarios say.

    ``only``: scenarios with this tag, or whose id begins so; or the id of one cell. ``baselines``: run beside the agent, on cells as written.
    """

    suite: Suite
    agent: str | Callable[..., object]
    folder: Path
    n: int | None = None
    only: str | None = None
    resume: bool = False
    baselines: tuple[str, ...] = BASELINES
    walls: Walls = field(default_factory=Walls)
    engine: Engine = field(default_factory=Serial)
    settings: JudgeSettings = field(default_factory=JudgeSettings)
    progress: Told = lambda done, all: None
    agentless: bool = False

    @property
    def scenarios(self) -> tuple[Scenario, ...]:
        """Those to replay.

        Raises:
            ConfigError: ``only`` leaves none.
        """
        kept = tuple(one for one in self.suite.scenarios if any(self._asks(one, cell) for cell in cells_of(one)))
        if not kept:
            raise ConfigError(f"--only {self.only}: no scenario has that tag, no id begins so, and no cell has it")
        return kept

    def _asks(self, scenario: Scenario, cell: Cell) -> bool:
        """Whether a cell is to be replayed."""
        only = self.only
        whole = only is None or only in scenario.meta.tags or scenario.id.startswith(only)
        return whole or cell.id == only

    def only_baselines(self) -> ReplayOrder:
        """The same without the agent."""
        return replace(self, agentless=True)

    def _with(self, baseline: str) -> tuple[Scenario, ...]:
        """The scenarios whose report shows that baseline."""
        return tuple(one for one in self.scenarios if baseline in one.report.baselines)

    def trials(self) -> list[tuple[str | None, Planned]]:
        """Every trial in order: the agent's, then each baseline's on the cells as written."""
        mine: list[tuple[str | None, Planned]] = [
            (None, one)
            for scenario in self.scenarios
            for one in plan((scenario,), n=self.n)
            if self._asks(scenario, one.cell)
        ]
        return ([] if self.agentless else mine) + [
            (name, one)
            for name in self.baselines
            for one in plan(self._with(name), n=self.n if name == "random" else 1)
            if not one.cell.varied
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """What came of it. ``lost``: trials that killed their worker again and again; they are not in the folder."""

    summary: ReplaySummary
    folder: Path
    lost: tuple[str, ...] = ()


def replay(order: ReplayOrder) -> Replayed:
    """Run every trial that is not done, judge each, and close the folder.

    Raises:
        ConfigError: nothing to replay, an agent that cannot be opened, a sandbox that cannot be had.
        OutputExists: the folder holds something else.
    """
    if not isinstance(order.agent, str) and isinstance(order.engine, Pool):
        raise ConfigError(
            "an agent that is a function does not travel to a pool; name it MODULE:FUNCTION, or engine serial"
        )
    trials = order.trials()
    manifest = _manifest(order, trials)
    troupe = Troupe(suite=order.suite, agent=order.agent, walls=order.walls, settings=order.settings)
    with Journal(order.folder, manifest, resume=order.resume) as journal:
        lost = tuple(_run(order, troupe, trials, journal))
        keys = [(agent, one.id) for agent, one in trials if (agent, one.id) in journal.done]
        if lost:
            raise ConfigError(
                f"{len(lost)} trials killed their worker: {', '.join(lost[:3])}; --resume tries them again"
            )
        outcomes = [(judged.agent, judged.outcome) for judged in journal.judged(keys)]
        summary = _summary(order, outcomes)
        now = datetime.now(UTC).isoformat(timespec="seconds")
        manifest = msgspec.structs.replace(manifest, created=now, **_levels(outcomes))
        page = replay_page(summary, manifest, _failed(summary, journal))
        journal.finish(keys, manifest, msgspec.json.format(msgspec.json.encode(summary), indent=2) + b"\n", page)
    return Replayed(summary=summary, folder=order.folder)


def _run(
    order: ReplayOrder, troupe: Troupe, trials: list[tuple[str | None, Planned]], journal: Journal
) -> Iterator[str]:
    left = [(agent, one) for agent, one in trials if (agent, one.id) not in journal.done]
    order.progress(len(trials) - len(left), len(trials))
    results = order.engine.map(troupe, (pack(one, agent) for agent, one in left))
    for (agent, one), result in zip(left, results, strict=True):
        if isinstance(result, Lost):
            yield one.id
            continue
        journal.add(agent, one.id, result)
        order.progress(len(journal.done), len(trials))


def _failed(summary: ReplaySummary, journal: Journal) -> Iterator[FailedTrial]:
    """The first bad trial of each cell that has one, with where it leaves its twin."""
    for row in [one for one in summary.cells if not one.sound][:MOST_FAILING]:
        (bad,) = journal.judged([(None, str(row.trial))])
        twin = (None, row.cell.twin.trial(bad.trial.seed))
        others = [*journal.judged([twin])] if row.cell.varied and twin in journal.done else []
        parting = next((parted_trials(one.trial, bad.trial) for one in others), None)
        yield FailedTrial(row=row, trace=bad.trial.trace, parting=parting)


def _summary(order: ReplayOrder, outcomes: list[tuple[str | None, TrialOutcome]]) -> ReplaySummary:
    return summarise(
        order.suite.id,
        order.suite.version,
        label_of(order.agent),
        [one for agent, one in outcomes if agent is None],
        {name: [one for agent, one in outcomes if agent == name] for name in order.baselines},
        order.scenarios,
    )


def label_of(agent: str | Callable[..., object]) -> str:
    """How reports call an agent."""
    return open_agent(agent).label


def _levels(outcomes: list[tuple[str | None, TrialOutcome]]) -> dict[str, dict[str, str]]:
    """The weakest sandbox and the loosest clock of each agent's trials, and of the policy rules that looked at them."""
    order = ("none", "guard", "netns", "container")
    sandbox: dict[str, str] = {}
    clock: dict[str, str] = {}
    for agent, one in outcomes:
        name = agent or "agent"
        sandbox[name] = min(sandbox.get(name, one.sandbox), one.sandbox, key=order.index)
        clock[name] = "real" if "real" in (clock.get(name), one.clock) else "virtual"
        if one.rules is not None:
            sandbox[RULES] = min(sandbox.get(RULES, one.rules), one.rules, key=order.index)
    return {"sandbox": sandbox, "clock": clock}


def _manifest(order: ReplayOrder, trials: list[tuple[str | None, Planned]]) -> Manifest:
    kept = {one.id for one in order.scenarios}
    return Manifest(
        suite=order.suite.id,
        version=order.suite.version,
        files=order.suite.sha256,
        scenarios={one.scenario.id: one.sha256 for one in order.suite.loaded if one.scenario.id in kept},
        agent=label_of(order.agent),
        agent_sha256=_code(order.agent),
        traceeval=__version__,
        trials=len(trials),
        seeds=tuple(sorted({one.seed for _, one in trials})),
        only=order.only,
    )


def _code(agent: str | Callable[..., object]) -> str | None:
    """The digest of the file an agent's module is in, found without importing it; None: nobody can tell if it changed."""
    module = agent.partition(":")[0] if isinstance(agent, str) else getattr(agent, "__module__", "")
    parts = module.split(".")
    if not all(part.isidentifier() for part in parts):
        return None
    for folder in (Path.cwd(), *map(Path, sys.path)):
        for file in (folder.joinpath(*parts).with_suffix(".py"), folder.joinpath(*parts, "__init__.py")):
            if file.is_file():
                return sha256(file.read_bytes()).hexdigest()
    return None
