"""An agent compared with itself, and with one that is worse: how often a comparison says so (metrics.md section 15).

Scenarios differ in how hard they are and trials of one are alike: eight measures, some 0 or 1, some shares, some counts.
``false_alarms``: comparisons of an agent with itself that call any measure improved or regressed. ``power``: how often a
fall of ten points in one of the eight, the share that passes, is called one, at the number of scenarios that is stated for
it. ``coverage``: how often the interval of a change holds the true one.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from traceeval.compare._change import Metric, Names, change, judged
from traceeval.compare._unit_values import UnitValues
from traceeval.measures.interval import wilson
from traceeval.measures.paired import compare_pairs, units_needed

Floats = npt.NDArray[np.float64]
SCENARIOS, TRIALS, METRICS, DROP, ALPHA, RESAMPLES = 50, 4, 8, 0.1, 0.05, 1999


def run(draws: int) -> dict[str, Any]:
    """Rates with their exact number of draws; ``draws`` of each kind."""
    alarms = sum(alarmed(seed) for seed in range(draws))
    naive = sum(alarmed(seed, naive=True) for seed in range(draws))
    n = stated()
    hits = sum(found(seed, n) for seed in range(draws))
    held = sum(_held(np.random.default_rng([3, seed])) for seed in range(draws))
    return {
        "false_alarms": _rate(alarms, draws),
        "uncorrected, trials as if independent": _rate(naive, draws),
        "power": {**_rate(hits, draws), "scenarios": n, "drop": _true_drop()},
        "coverage": _rate(held, draws),
    }


def _rate(hits: int, n: int) -> dict[str, Any]:
    low, high = wilson(hits, n) or (None, None)
    return {"value": hits / n, "low": low, "high": high, "n": n}


def versions(rng: np.random.Generator, scenarios: int, worse: float) -> tuple[Floats, Floats]:
    """Base and head, [measure, scenario, trial]; ``worse``: how much less the head passes by the first of them."""
    ease = rng.beta(1.5, 1.0, scenarios)
    shape, usual = (scenarios, TRIALS), ease[:, None]
    sides = []
    for drop in (0.0, worse):
        chance = np.stack([np.clip(usual - drop, 0.0, 1.0), usual, usual])
        passed = (rng.random((3, *shape)) < chance).astype(np.float64)
        shares = np.clip(usual + rng.normal(0, 0.2, (3, *shape)), 0, 1)
        counts = rng.poisson(100 * (2 - usual), (2, *shape)).astype(np.float64)
        sides.append(np.concatenate([passed, shares, counts]))
    return sides[0], sides[1]


def alarmed(seed: int, *, naive: bool = False) -> bool:
    """Whether an agent compared with itself is called better or worse. ``naive``: the field's way, as a baseline."""
    base, head = versions(np.random.default_rng([1, seed]), SCENARIOS, 0.0)
    if naive:
        chances = [compare_pairs(base[k].ravel(), head[k].ravel(), resamples=2) for k in range(METRICS)]
        return any(one is not None and one.p < ALPHA for one in chances)
    return any(one.verdict in ("improved", "regressed") for one in _changes(base, head))


def _changes(base: Floats, head: Floats) -> list[Any]:
    units = [f"s{at}" for at in range(base.shape[1])]
    names = Names(units=units, base=units, head=units)
    made = []
    for number in range(METRICS):
        one, other = base[number].mean(axis=1), head[number].mean(axis=1)
        values = UnitValues(base=one, head=other, base_ends=(one, one), head_ends=(other, other), statuses={})
        measure = Metric(name=f"m{number}")
        made.append(change(measure, values, names, trials=True, resamples=RESAMPLES, among=METRICS, alpha=ALPHA))
    return judged(made, {}, family=True, alpha=ALPHA)


def stated(seed: int = 9) -> int:
    """The scenarios that are stated to show the fall 4 times of 5 among eight measures; their spread from a large sample."""
    base, head = versions(np.random.default_rng(seed), 20_000, DROP)
    spread = float((head[0].mean(axis=1) - base[0].mean(axis=1)).std(ddof=1))
    return units_needed(spread, _true_drop(), alpha=ALPHA / METRICS, grain=1 / TRIALS)


def _true_drop() -> float:
    """What the pass rate loses: less than ``DROP``, for what never passed cannot pass less often."""
    rng = np.random.default_rng(0)
    ease = rng.beta(1.5, 1.0, 1_000_000)
    return float((ease - np.clip(ease - DROP, 0, 1)).mean())


def found(seed: int, scenarios: int) -> bool:
    """Whether the fall is called one."""
    base, head = versions(np.random.default_rng([2, seed]), scenarios, DROP)
    return bool(_changes(base, head)[0].verdict == "regressed")


def _held(rng: np.random.Generator) -> bool:
    base, head = versions(rng, SCENARIOS, DROP)
    told = compare_pairs(base[0].mean(axis=1), head[0].mean(axis=1), trials=True, resamples=2000)
    return told is not None and told.low <= -_true_drop() <= told.high
