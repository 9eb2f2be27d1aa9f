"""Whether scenarios mean what they say: their own solution passes, doing nothing does not, and nothing in it is idle.

``traceeval lint references`` (trajectories.md section 8). Everything is found by replaying, nothing by reading alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

import msgspec

from traceeval.engines import Engine, Lost
from traceeval.measures.matchers import match, matcher_of, may_be_missing
from traceeval.measures.paths import ABSENT, value_at
from traceeval.model import Cell, Json, Scenario
from traceeval.model.scenario import Step
from traceeval.replay import Planned, Suite, cells_of
from traceeval.replay.load import Loaded
from traceeval.replay.sandbox import Walls
from traceeval.replay.variants import variants_of
from traceeval.run._trials import Judged, Troupe, pack

_DROPPED = "~without-step-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Flaw:
    """Something an author has to correct, or at least to know. ``where``: file and line of the scenario."""

    level: Literal["error", "warn"]
    check: str
    scenario: str
    where: str
    text: str


def lint_references(suite: Suite, engine: Engine, walls: Walls | None = None) -> tuple[Flaw, ...]:
    """Every flaw, scenario by scenario.

    Raises:
        ConfigError: the suite's code cannot be loaded, or the sandbox cannot be had.
    """
    wider = _with_shortened(suite)
    troupe = Troupe(suite=wider, agent="reference", walls=walls or Walls())
    jobs = [job for loaded in suite.loaded for job in _jobs(loaded.scenario)]
    done: dict[tuple[str | None, str], Judged] = {}
    for (agent, planned), result in zip(
        jobs, engine.map(troupe, (pack(one, agent) for agent, one in jobs)), strict=True
    ):
        if not isinstance(result, Lost):
            done[agent, planned.cell.id] = msgspec.json.decode(result, type=Judged)
    return tuple(flaw for loaded in suite.loaded for flaw in _flaws(loaded, done))


def _jobs(scenario: Scenario) -> Iterator[tuple[str | None, Planned]]:
    """The reference on every cell and without each of its calls, and doing nothing on the cell as written."""
    seed = scenario.trials.first_seeds[0]
    yield "noop", Planned(Cell(scenario=scenario.id), seed)
    if scenario.solution:
        yield from ((None, Planned(cell, seed)) for cell in cells_of(scenario) if _preserving(scenario, cell))
        for number, _ in _calls(scenario):
            yield None, Planned(Cell(scenario=f"{scenario.id}{_DROPPED}{number}"), seed)


def _preserving(scenario: Scenario, cell: Cell) -> bool:
    """A variant that means something else has another solution, which nobody wrote."""
    return all(one.preserving for one in variants_of(scenario) if one.id == cell.variant)


def _calls(scenario: Scenario) -> Iterator[tuple[int, Step]]:
    return ((number, step) for number, step in enumerate(scenario.solution, 1) if step.say is None)


def _with_shortened(suite: Suite) -> Suite:
    """The suite with a copy of each scenario for every step its solution can be played without."""
    more = []
    for loaded in suite.loaded:
        for number, _ in _calls(loaded.scenario):
            kept = tuple(step for place, step in enumerate(loaded.scenario.solution, 1) if place != number)
            id = f"{loaded.scenario.id}{_DROPPED}{number}"
            shorter = msgspec.structs.replace(loaded.scenario, id=id, solution=kept or (Step(say="OK."),))
            more.append(replace(loaded, scenario=shorter))
    return replace(suite, loaded=(*suite.loaded, *more))


def _flaws(loaded: Loaded, done: Mapping[tuple[str | None, str], Judged]) -> Iterator[Flaw]:
    scenario = loaded.scenario

    def flaw(level: Literal["error", "warn"], check: str, text: str) -> Flaw:
        return Flaw(level=level, check=check, scenario=scenario.id, where=loaded.where, text=text)

    idle = done.get(("noop", scenario.id))
    if idle is not None and idle.outcome.result == "pass":
        yield flaw("error", "no-op", "doing nothing passes; assert what the answer must say, or a call")
    if not scenario.solution:
        yield flaw("error", "replay", "no `solution`: nobody knows whether it can be passed; write its steps")
        return
    own = done.get((None, scenario.id))
    if own is not None:
        yield from (flaw("error", check, text) for check, text in _own(own))
    for number, step in _calls(scenario):
        shorter = done.get((None, f"{scenario.id}{_DROPPED}{number}"))
        if shorter is not None and shorter.outcome.result == "pass":
            told = f"step {number} ({_named(step)}) can be left out and the scenario still passes"
            yield flaw("error", "deletion", f"{told}: assert what it is for, or take it out of the solution")
    for cell in cells_of(scenario):
        varied = done.get((None, cell.id)) if cell.varied else None
        if varied is not None:
            yield from (flaw(level, check, text) for level, check, text in _varied(varied))
    yield from (flaw("error", "matchers", text) for text in _loose(scenario))


def _own(judged: Judged) -> Iterator[tuple[str, str]]:
    outcome, trial = judged.outcome, judged.trial
    for span in trial.trace.spans:
        if span.error is not None:
            yield "replay", f"the solution's call of {span.name} fails: {span.error.message}"
    policy = outcome.assertions.get("policy")
    if policy is not None and policy.held is False:
        yield "policy", f"the solution breaks the scenario's own policy: {policy.why}; correct it, or waive the rule"
    if outcome.result != "pass":
        yield "replay", f"the solution does not pass: {outcome.result}: {outcome.why}"


def _varied(judged: Judged) -> Iterator[tuple[Literal["error", "warn"], str, str]]:
    outcome, cell = judged.outcome, judged.outcome.cell
    if outcome.result == "infra_error":
        yield "error", "replay", f"{cell.id}: {outcome.why}"
    elif cell.variant is not None and outcome.result != "pass":
        yield "error", "paraphrase", f"{cell.id}: the solution does not pass this wording: {outcome.why}"
    if "fault_not_met" in outcome.notes:
        yield "warn", "fault", f"{cell.id}: the solution makes no call that the fault would befall"
    if "payload_not_met" in outcome.notes:
        yield "warn", "injection", f"{cell.id}: the solution makes no call whose result holds the payload"


def _named(step: Step) -> str:
    made = step.calls or ((step.call,) if step.call is not None else ())
    return ", ".join(call.tool if isinstance(call.tool, str) else call.tool[0] for call in made)


def _loose(scenario: Scenario) -> Iterator[str]:
    """Arguments of milestones whose matcher takes a near miss for what the solution sends."""
    made = [call for _, step in _calls(scenario) for call in step.calls or ((step.call,) if step.call else ())]
    for id, milestone in (scenario.assertions.milestones or {}).items():
        if milestone.call is None:
            continue
        tools = (milestone.call.tool,) if isinstance(milestone.call.tool, str) else milestone.call.tool
        for call in made:
            if call.tool in tools:
                yield from _accepted(id, milestone.call.args, call.args)


def _accepted(id: str, wanted: Mapping[str, Json], sent: Mapping[str, Json]) -> Iterator[str]:
    for path, expected in wanted.items():
        value = value_at(dict(sent), path)
        if value is ABSENT or may_be_missing(expected) or matcher_of(expected) in ("$ref", "$not"):
            continue
        if match(value, expected) != "equal":
            continue
        for near in near_misses(value):
            if match(near, expected) == "equal":
                yield f"milestone {id}: {path} takes {near!r} for {value!r}; write a tighter matcher"
                break


def near_misses(value: Json) -> Iterable[Json]:
    """Values that look like this one and are another: one more, the sign lost, a letter dropped, the order turned."""
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int | float):
        return [value + 1, -value if value else 1]
    if isinstance(value, str):
        return [f"{value}0x", value[:-1]] if len(value) > 1 else [f"{value}0x"]
    if isinstance(value, list) and len(value) > 1:
        return [value[:-1]]
    return []
