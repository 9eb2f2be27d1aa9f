"""An agent compared with itself, and with one that is worse: how often a comparison says so (metrics.md section 15).

Scenarios differ in how hard they are and trials of one are alike: eight measures, some 0 or 1, some shares, some counts.
``false_alarms``: comparisons of an agent with itself that call any measure improved or regressed. ``power``: how often a drop
of ten points in the share that passes is called one, at the number of scenarios at which the drop is what can be detected
4 times of 5. ``coverage``: how often the interval of a change holds the true one.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from traceeval.compare._change import Metric, Names, change, judged
from traceeval.compare._unit_values import UnitValues
from traceeval.measures.interval import Z95, wilson
from traceeval.measures.paired import POWER80, compare_pairs

Floats = npt.NDArray[np.float64]
SCENARIOS, TRIALS, METRICS, DROP = 50, 4, 8, 0.1


def run(draws: int) -> dict[str, Any]:
    """Rates with their exact number of draws; ``draws`` of each kind."""
    alarms = sum(_alarm(np.random.default_rng([1, seed]), worse=0.0) for seed in range(draws))
    naive = sum(_alarm(np.random.default_rng([1, seed]), worse=0.0, naive=True) for seed in range(draws))
    n = enough()
    found = sum(_found(np.random.default_rng([2, seed]), n) for seed in range(draws))
    held = sum(_held(np.random.default_rng([3, seed])) for seed in range(draws))
    return {
        "false_alarms": _rate(alarms, draws),
        "uncorrected, trials as if independent": _rate(naive, draws),
        "power": {**_rate(found, draws), "scenarios": n},
        "coverage": _rate(held, draws),
    }


def _rate(hits: int, n: int) -> dict[str, Any]:
    low, high = wilson(hits, n) or (None, None)
    return {"value": hits / n, "low": low, "high": high, "n": n}


def versions(rng: np.random.Generator, scenarios: int, worse: float) -> tuple[Floats, Floats]:
    """Base and head, [metric, scenario, trial]; ``worse``: how much less the head passes."""
    ease = rng.beta(1.5, 1.0, scenarios)
    shape = (scenarios, TRIALS)
    sides = []
    for drop in (0.0, worse):
        chance = np.clip(ease - drop, 0.0, 1.0)[:, None]
        passed = (rng.random((3, *shape)) < chance).astype(np.float64)
        shares = np.clip(chance + rng.normal(0, 0.2, (3, *shape)), 0, 1)
        counts = rng.poisson(100 * (1 + (1 - chance)), (2, *shape)).astype(np.float64)
        sides.append(np.concatenate([passed, shares, counts]))
    return sides[0], sides[1]


def _alarm(rng: np.random.Generator, *, worse: float, naive: bool = False) -> bool:
    base, head = versions(rng, SCENARIOS, worse)
    if naive:
        chances = [compare_pairs(base[k].ravel(), head[k].ravel(), resamples=2) for k in range(METRICS)]
        return any(one is not None and one.p < 0.05 for one in chances)
    return any(one.verdict in ("improved", "regressed") for one in _changes(base, head, resamples=1999))


def _changes(base: Floats, head: Floats, *, resamples: int) -> list[Any]:
    units = [f"s{at}" for at in range(base.shape[1])]
    names = Names(units=units, base=units, head=units)
    made = []
    for number in range(len(base)):
        one, other = base[number].mean(axis=1), head[number].mean(axis=1)
        values = UnitValues(base=one, head=other, base_ends=(one, one), head_ends=(other, other), statuses={})
        made.append(change(Metric(name=f"m{number}"), values, names, trials=True, resamples=resamples))
    return judged(made, {}, family=True, alpha=0.05)


def enough(seed: int = 9) -> int:
    """Scenarios at which a drop of ``DROP`` is what can be detected: ((z.975 + z.80) s / drop)^2, s from a large sample."""
    base, head = versions(np.random.default_rng(seed), 20_000, DROP)
    spread = (head[0].mean(axis=1) - base[0].mean(axis=1)).std(ddof=1)
    return int(np.ceil(((Z95 + POWER80) * spread / _true_drop()) ** 2))


def _true_drop() -> float:
    """What the pass rate loses: less than ``DROP``, for what never passed cannot pass less often."""
    rng = np.random.default_rng(0)
    ease = rng.beta(1.5, 1.0, 1_000_000)
    return float((ease - np.clip(ease - DROP, 0, 1)).mean())


def _found(rng: np.random.Generator, scenarios: int) -> bool:
    base, head = versions(rng, scenarios, DROP)
    (only,) = _changes(base[:1], head[:1], resamples=1999)
    return bool(only.verdict == "regressed")


def _held(rng: np.random.Generator) -> bool:
    base, head = versions(rng, SCENARIOS, DROP)
    found = compare_pairs(base[0].mean(axis=1), head[0].mean(axis=1), trials=True, resamples=2000)
    return found is not None and found.low <= -_true_drop() <= found.high
