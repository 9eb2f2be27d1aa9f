"""Simulated raters: does the interval of alpha, AC and raw agreement hold the value of an endless sample?

Two people mark each item 1..5; each gives its true mark three times of four, else one nearby.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from traceeval.measures.agreement import Level, Weights, agreement, alpha, gwet, raw_agreement
from traceeval.measures.ratings import Ratings, coded

SCALE = (1.0, 2.0, 3.0, 4.0, 5.0)
ENDLESS = 100_000
KINDS: tuple[tuple[Level, Weights], ...] = (("ordinal", "ordinal"), ("nominal", "identity"))


def marks(rng: np.random.Generator, n: int) -> Ratings:
    """``n`` items as two people mark them."""
    truth = rng.choice(5, size=n, p=[0.1, 0.15, 0.2, 0.25, 0.3])
    off = rng.choice([-1, 1, -2, 2], size=(n, 2), p=[0.4, 0.4, 0.1, 0.1])
    said = truth[:, None] + np.where(rng.random((n, 2)) < 0.75, 0, off)
    return coded(np.clip(said, 0, 4) + 1.0, categories=SCALE)


def run(
    draws: int, sizes: Sequence[int] = (30, 50, 100), kinds: Sequence[tuple[Level, Weights]] = KINDS
) -> dict[str, Any]:
    """Coverage by level and number of items: {level: {items: {statistic: share}}}."""
    return {level: {str(n): _covered(draws, n, level, weights) for n in sizes} for level, weights in kinds}


def _covered(draws: int, n: int, level: Level, weights: Weights) -> dict[str, float]:
    endless = marks(np.random.default_rng(9), ENDLESS)
    truth = {"alpha": alpha(endless, level), "ac": gwet(endless, weights), "raw": raw_agreement(endless)}
    rng, held = np.random.default_rng(n), dict.fromkeys(truth, 0)
    for seed in range(draws):
        told = agreement(marks(rng, n), level=level, weights=weights, seed=seed)
        for name, value in truth.items():
            found = getattr(told, name)
            held[name] += found.low is not None and found.low <= value <= found.high
    return {name: times / draws for name, times in held.items()}
