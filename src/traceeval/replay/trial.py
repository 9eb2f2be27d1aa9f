"""A Trial put together from what its child told, however far it came."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from hashlib import sha256

import msgspec

from traceeval.model import (
    SCHEMA_VERSION,
    Generation,
    Json,
    Kind,
    Level,
    Note,
    Scenario,
    Span,
    System,
    Trace,
    Trial,
    Utterance,
    text_of,
)
from traceeval.model.trial import Ending
from traceeval.replay._child import Limits, Perform, Ran
from traceeval.replay._expected import reference_of
from traceeval.replay._play import Frame, perform
from traceeval.replay._recorder import ROOT
from traceeval.replay._stage import Stage
from traceeval.replay.matrix import Planned
from traceeval.replay.sandbox import NurseryGone, Sandbox, Walls

__all__ = ["Stage", "assemble", "open_sandbox", "run_trial"]


def open_sandbox(stage: Stage, walls: Walls) -> Sandbox:
    """A sandbox for the trials of a stage.

    Raises:
        ConfigError: it cannot be had, or the agent or a mock cannot be loaded.
    """
    play: Perform = partial(perform, stage)
    return Sandbox(stage.prepare, play, replace(walls, hosts=stage.hosts, live=stage.live))


def run_trial(stage: Stage, box: Sandbox, planned: Planned) -> Trial:
    """One trial, from its cell to its trace."""
    scenario = stage.told(planned)
    try:
        ran = box.run(msgspec.msgpack.encode(planned), limits_of(scenario))
    except NurseryGone as error:
        ran = Ran(frames=[], ended="died", why=str(error), broken=True)
    return assemble(stage, planned, ran, box.level)


def limits_of(scenario: Scenario) -> Limits:
    """What the child of a trial may use."""
    budget = scenario.agent.budget
    return Limits(budget.wall_s, budget.memory_mb, int(budget.output_mb * 1_000_000))


def assemble(stage: Stage, planned: Planned, ran: Ran, level: Level) -> Trial:
    """A Trial out of what its child told, however far it came."""
    ran, frames = _read(ran)
    last = frames[-1] if frames and frames[-1].ended is not None else None
    scenario = stage.told(planned)
    ended, why = _ending(ran, last)
    notes = [frame.note for frame in frames if frame.note is not None]
    notes += [Note(code="network_denied", text=f"it tried to reach {host}") for host in ran.denied]
    spans = [frame.span for frame in frames if frame.span is not None]
    return Trial(
        id=planned.id,
        cell=planned.cell,
        seed=planned.seed,
        trace=_trace(stage, scenario, planned, spans, last.state if last is not None else None),
        ended=ended,
        why=why,
        sandbox=level if stage.agent.clock == "virtual" or level in ("netns", "container") else "none",
        clock=stage.agent.clock,
        unmatched=last.unmatched if last is not None else sum(note.code == "user_sim_unmatched" for note in notes),
        notes=tuple(notes),
        planted=tuple(frame.planted for frame in frames if frame.planted is not None),
        struck=tuple(frame.struck for frame in frames if frame.struck is not None),
    )


def _read(ran: Ran) -> tuple[Ran, list[Frame]]:
    """What the child told, up to the first frame that is none of ours: an agent in Python can reach the pipe."""
    frames: list[Frame] = []
    for data in ran.frames:
        try:
            frames.append(msgspec.json.decode(data, type=Frame))
        except (msgspec.DecodeError, RecursionError):
            why = "was broken: the agent wrote into the pipe of the harness"
            return msgspec.structs.replace(ran, ended="died", why=why, broken=False), frames
    return ran, frames


def _ending(ran: Ran, last: Frame | None) -> tuple[Ending, str]:
    """The child's own word, where it had one; a harness that broke is no failure of the agent."""
    if last is not None and last.ended is not None:
        return last.ended, last.why
    if ran.ended in ("time_out", "output_limit"):
        return ("time_out" if ran.ended == "time_out" else "output_limit"), ran.why
    return (
        "infra_error" if ran.broken else "crash"
    ), f"the process of the trial {ran.why or 'ended without a last word'}"


def _trace(stage: Stage, scenario: Scenario, planned: Planned, spans: list[Span], state: Json) -> Trace:
    start = min((span.start for span in spans if span.start is not None), default=None)
    end = max((span.end for span in spans if span.end is not None), default=None)
    root = Span(id=ROOT, kind=Kind.AGENT, name="agent", start=start, end=end, seq=0)
    said = [text_of(s.body.text) for s in spans if s.kind is Kind.HUMAN and isinstance(s.body, Utterance)]
    written = [
        s.body.output.content
        for s in spans
        if isinstance(s.body, Generation) and s.kind is Kind.MODEL and s.body.output
    ]
    answers = [text for text in written if text_of(text)]
    return Trace(
        id=sha256(planned.id.encode()).hexdigest()[:32],
        schema_version=SCHEMA_VERSION,
        spans=(root, *spans),
        question=said[0] if said else None,
        answer=answers[-1] if answers else None,
        state=state,
        reference=reference_of(scenario, stage.state(scenario)),
        trial=planned.id,
        scenario=planned.cell.scenario,
        system=System(app=stage.agent.label),
        tags=scenario.meta.tags or None,
    )
