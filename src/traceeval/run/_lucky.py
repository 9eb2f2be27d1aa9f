"""Passes that were luck: run again under small changes that mean nothing, few of which they survive."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from msgspec.structs import replace

from traceeval.measures.interval import wilson
from traceeval.model import Cell, Luck, PlannedFault, Scenario, Survival, Variant
from traceeval.model.disturbance import At, Inject, Latency
from traceeval.replay import Planned, Suite
from traceeval.replay._expected import initial_state
from traceeval.replay.vary import vary, with_variants
from traceeval.run._bench import Judge

NEUTRAL = ("reordered", "irrelevant_talk", "typing_errors", "register")
"""Operators whose change nobody would notice: no turn more, no fact less."""
_TELLINGS = 3
_SEEDS = 4
_SLOW = PlannedFault(id="lucky.slow", at=At(tool="*"), inject=Inject(latency=Latency(ms=40.0)), expect="recovers")
_ENOUGH = 0.5


def lucky(judge: Judge, suite: Suite, planned: Planned) -> Luck:
    """Whether the pass of a trial as written survives: in other words, with other seeds, with slower tools."""
    scenario = planned.scenario or suite.scenario(planned.cell.scenario)
    told = _retold(scenario, suite)
    kinds = (
        _survival(judge, "words", list(_words(told, planned))),
        _survival(judge, "chance", list(_chances(told, planned))),
    )
    rates = [one.rate for one in kinds if one.rate is not None]
    return Luck(trial=planned.id, lucky=min(rates) < _ENOUGH if rates else None, kinds=kinds)


def _retold(scenario: Scenario, suite: Suite) -> Scenario:
    """The scenario with neutral variants, several of each operator where chance chooses, and a fault that only takes time."""
    state = initial_state(scenario, suite.folder)
    made: dict[tuple[tuple[str, str], ...], Variant] = {}
    for seed in range(1, _TELLINGS + 1):
        for one in vary(scenario, state, suite.tools, seed=seed, operators=NEUTRAL)[0]:
            made.setdefault(tuple(sorted(one.turns.items())), replace(one, id=f"{one.id}.{seed}"))
    return replace(with_variants(scenario, made.values()), faults=(*scenario.faults, _SLOW))


def _words(told: Scenario, planned: Planned) -> Iterator[Planned]:
    for one in told.variants:
        if one.id.startswith("vary.") and one.operator in NEUTRAL:
            yield Planned(Cell(scenario=told.id, variant=one.id), planned.seed, told)


def _chances(told: Scenario, planned: Planned) -> Iterator[Planned]:
    for more in range(1, _SEEDS + 1):
        yield Planned(planned.cell, planned.seed + more, told)
    yield Planned(Cell(scenario=told.id, fault=_SLOW.id), planned.seed, told)


def _survival(judge: Judge, kind: Literal["words", "chance"], trials: list[Planned]) -> Survival:
    results = [(one.id, judge(one).outcome.result) for one in trials]
    judged = [(id, result) for id, result in results if result in ("pass", "fail")]
    survived = sum(result == "pass" for _, result in judged)
    low, high = wilson(survived, len(judged)) or (None, None)
    return Survival(
        kind=kind,
        survived=survived,
        judged=len(judged),
        rate=survived / len(judged) if judged else None,
        low=low,
        high=high,
        broke=tuple(id for id, result in judged if result == "fail"),
    )
