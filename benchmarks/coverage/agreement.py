"""Simulated raters: does the interval of alpha, AC and raw agreement hold the value of an endless sample?

Two people mark each item 1..5; each gives its true mark three times of four, else one nearby. Two people raise a flag
that belongs on one item of twenty: on four of five of those and on one of a hundred others, or on three of five and one
of fifty.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np

from traceeval.measures.agreement import Level, Weights, agreement, alpha, gwet, raw_agreement
from traceeval.measures.ratings import Ratings, coded

SCALE = (1.0, 2.0, 3.0, 4.0, 5.0)
ENDLESS = 100_000
KINDS: tuple[tuple[Level, Weights], ...] = (("ordinal", "ordinal"), ("nominal", "identity"))
FLAGS = {"a flag on one of twenty": (0.8, 0.01), "such a flag, hardly agreed on": (0.6, 0.02)}
Made = Callable[[np.random.Generator, int], Ratings]


def marks(rng: np.random.Generator, n: int) -> Ratings:
    """``n`` items as two people mark them."""
    truth = rng.choice(5, size=n, p=[0.1, 0.15, 0.2, 0.25, 0.3])
    off = rng.choice([-1, 1, -2, 2], size=(n, 2), p=[0.4, 0.4, 0.1, 0.1])
    said = truth[:, None] + np.where(rng.random((n, 2)) < 0.75, 0, off)
    return coded(np.clip(said, 0, 4) + 1.0, categories=SCALE)


def flags(rng: np.random.Generator, n: int, *, found: float, false: float) -> Ratings:
    """``n`` items as two people flag them, ``found`` and ``false``: how often where it belongs and elsewhere."""
    raised = np.where(rng.random(n) < 0.05, found, false)
    return coded((rng.random((n, 2)) < raised[:, None]).astype(np.float64), categories=(0.0, 1.0))


def run(
    draws: int,
    sizes: Sequence[int] = (30, 50, 100),
    kinds: Sequence[tuple[Level, Weights]] = KINDS,
    flag_sizes: Sequence[int] = (30, 50, 100, 200),
) -> dict[str, Any]:
    """Coverage by what is judged and number of items: {level: {items: {statistic: share}}}.

    Of alpha: of the intervals that were given; ``told`` is the share of draws in which there was one.
    """
    found: dict[str, Any] = {
        level: {str(n): _covered(draws, n, marks, level, weights) for n in sizes} for level, weights in kinds
    }
    for name, (hit, false) in FLAGS.items() if flag_sizes else ():
        made = partial(flags, found=hit, false=false)
        found[name] = {str(n): _covered(draws, n, made, "nominal", "identity") for n in flag_sizes}
    return found


def _covered(draws: int, n: int, made: Made, level: Level, weights: Weights) -> dict[str, float]:
    endless = made(np.random.default_rng(9), ENDLESS)
    truth = {"alpha": alpha(endless, level), "ac": gwet(endless, weights), "raw": raw_agreement(endless)}
    rng, held, given = np.random.default_rng(n), dict.fromkeys(truth, 0), dict.fromkeys(truth, 0)
    for seed in range(draws):
        told = agreement(made(rng, n), level=level, weights=weights, seed=seed)
        for name, value in truth.items():
            found = getattr(told, name)
            given[name] += found.low is not None
            held[name] += found.low is not None and found.low <= value <= found.high
    shares = {name: times / given[name] for name, times in held.items()}
    return shares | {"told": given["alpha"] / draws}
