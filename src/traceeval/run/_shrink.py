"""A failing trial reduced to the least that fails the same way: without the payload, the fault, other words; fewest turns, words.

What is left has to be a fair question: turns that tell facts or answer the agent stay, and the reference still passes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from msgspec.structs import replace

from traceeval.model import Cell, Scenario, Shrunk, Variant
from traceeval.model.disturbance import Payload
from traceeval.model.user import Turn
from traceeval.replay import Planned, Suite, told
from traceeval.replay._expected import initial_state
from traceeval.replay._facts import facts_of
from traceeval.replay.least import least
from traceeval.run._bench import Judge
from traceeval.run._trials import Judged

Verdict: TypeAlias = tuple[object, ...]


@dataclass
class _Search:
    """How far it is. ``now``: the least that is known to fail so."""

    judge: Judge
    reference: Judge | None
    wanted: Verdict
    now: Planned
    most: int
    trials: int = 0
    spent: bool = False

    def fails(self, planned: Planned) -> bool:
        """Whether it fails the same way; then it is the least known. Without trials left: no."""
        if not self._may() or verdict_of(self.judge(planned)) != self.wanted:
            return False
        self.now = planned
        return True

    def fair(self, planned: Planned) -> bool:
        """Whether the task can still be done."""
        if self.reference is None:
            return True
        plain = Planned(planned.cell.twin, planned.seed, planned.scenario)
        return self._may() and self.reference(plain).outcome.result == "pass"

    def _may(self) -> bool:
        if self.trials >= self.most:
            self.spent = True
            return False
        self.trials += 1
        return True


def shrink(
    judge: Judge,
    suite: Suite,
    planned: Planned,
    failed: Judged,
    *,
    reference: Judge | None = None,
    most: int = 60,
    replays: int = 8,
) -> Shrunk:
    """Reduce a failed trial in at most ``most`` trials. ``reference``: runs the agent that passes; None: nobody checks."""
    baked = _baked(planned, suite)
    search = _Search(judge, reference, verdict_of(failed), baked, most)
    for axis in ("injection", "fault", "variant"):
        if getattr(baked.cell, axis) is not None:
            _without(search, axis, suite)
    _fewest_turns(search, suite)
    _fewest_words(search)
    same = sum(verdict_of(judge(search.now)) == search.wanted for _ in range(replays))
    scenario = search.now.scenario
    assert scenario is not None
    return Shrunk(
        scenario=_bare(scenario, search.now.cell),
        cell=search.now.cell,
        seed=planned.seed,
        trials=search.trials,
        spent=search.spent,
        same=same,
        replays=replays,
        why=failed.outcome.why,
    )


def verdict_of(judged: Judged) -> Verdict:
    """What makes two failures the same: how it ended, which assertions did not hold, whether the attack was executed."""
    one = judged.outcome
    lost = tuple(sorted(name for name, held in one.assertions.items() if held.held is False))
    return one.result, one.ended, lost, one.attack == "executed"


def _baked(planned: Planned, suite: Suite) -> Planned:
    """The trial with its telling and its payload written into the scenario; chance stays what it was."""
    scenario = planned.scenario or suite.scenario(planned.cell.scenario)
    as_told = told(scenario, planned.cell.variant)
    empty = (Variant(id=planned.cell.variant),) if planned.cell.variant is not None else ()
    user = replace(as_told.user, turns=tuple(replace(turn, paraphrases=()) for turn in as_told.user.turns))
    payloads = tuple(replace(one, payload=_inline(one.payload, suite.folder)) for one in as_told.injections)
    return Planned(planned.cell, planned.seed, replace(as_told, user=user, variants=empty, injections=payloads))


def _inline(payload: Payload, folder: Path) -> Payload:
    if payload.ref is None:
        return payload
    return replace(payload, ref=None, text=(folder / payload.ref).read_text(encoding="utf-8").strip())


def _without(search: _Search, axis: str, suite: Suite) -> None:
    now = search.now
    scenario = now.scenario
    assert scenario is not None
    if axis == "variant":
        written = suite.scenario(now.cell.scenario)
        scenario = replace(scenario, user=written.user, assertions=written.assertions, variants=())
    cell = replace(now.cell, **{axis: None})
    search.fails(Planned(cell, now.seed, scenario))


def _fewest_turns(search: _Search, suite: Suite) -> None:
    """Of those that are free: no guard waits for them, they open nothing, and they tell no fact a milestone needs."""
    scenario = search.now.scenario
    assert scenario is not None
    telling = {fact.turn for fact in facts_of(scenario, initial_state(scenario, suite.folder))}
    turns = scenario.user.turns
    free = [n for n, turn in enumerate(turns, 1) if n > 1 and turn.when is None and n not in telling]

    def still(some: Sequence[int]) -> bool:
        kept = [turn for n, turn in enumerate(turns, 1) if n in some or n not in free]
        tried = _with_turns(search.now, kept)
        return search.fair(tried) and search.fails(tried)

    if free and not still(()):
        least(free, still)


def _with_turns(now: Planned, turns: Sequence[Turn]) -> Planned:
    assert now.scenario is not None
    user = replace(now.scenario.user, turns=tuple(turns))
    return Planned(now.cell, now.seed, replace(now.scenario, user=user))


def _fewest_words(search: _Search) -> None:
    """Of the payload."""
    cell, seed, scenario = search.now.cell, search.now.seed, search.now.scenario
    assert scenario is not None
    planted = next((one for one in scenario.injections if one.id == cell.injection), None)
    if planted is None or planted.payload.text is None:
        return

    def still(some: Sequence[str]) -> bool:
        other = replace(planted, payload=replace(planted.payload, text=" ".join(some)))
        return search.fails(Planned(cell, seed, replace(scenario, injections=(other,))))

    least(planted.payload.text.split(), still)


def _bare(scenario: Scenario, cell: Cell) -> Scenario:
    """Only what the cell uses."""
    return replace(
        scenario,
        faults=tuple(one for one in scenario.faults if one.id == cell.fault),
        injections=tuple(one for one in scenario.injections if one.id == cell.injection),
        variants=tuple(one for one in scenario.variants if one.id == cell.variant),
    )
