"""Krippendorff's alpha of 10,000 units and five raters, a tenth of the ratings missing, beside the package krippendorff."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

import numpy as np

from traceeval.measures.agreement import Level, alpha
from traceeval.measures.ratings import coded

UNITS, RATERS, MISSING = 10_000, 5, 0.1


def agreement(rounds: int) -> dict[str, object]:
    """Median CPU milliseconds from a grid of marks to alpha, by turns."""
    import krippendorff

    rng = np.random.default_rng(0)
    grid = rng.integers(1, 6, (UNITS, RATERS)).astype(np.float64)
    grid[rng.random(grid.shape) < MISSING] = np.nan
    levels: tuple[Level, ...] = ("nominal", "ordinal", "interval")
    ours, theirs, apart = {}, {}, 0.0
    for level in levels:

        def mine(level: Level = level) -> float:
            return alpha(coded(grid), level) or 0.0

        def peer(level: Level = level) -> float:
            return float(krippendorff.alpha(reliability_data=grid.T, level_of_measurement=level))

        apart = max(apart, abs(mine() - peer()))
        ours[level], theirs[level] = _medians(mine, peer, rounds)
    return {
        "bench": "agreement",
        "work": {"units": UNITS, "raters": RATERS, "missing": MISSING, "rounds": rounds},
        "ours": ours,
        "peers": {"krippendorff": theirs},
        "ratio": {level: round(ours[level] / theirs[level], 3) for level in levels},
        "largest_difference": apart,
        "floor": {},
    }


def _medians(mine: Callable[[], float], peer: Callable[[], float], rounds: int) -> list[float]:
    spent: list[list[float]] = [[], []]
    for _ in range(rounds):
        for work, times in zip((mine, peer), spent, strict=True):
            start = time.process_time()
            work()
            times.append((time.process_time() - start) * 1000)
    return [round(statistics.median(times), 2) for times in spent]
