"""How reliably a scenario passes: pass^k and pass@k of c passes in n trials (metrics.md section 10)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

FEW = 50
"""Scenarios under which the bootstrap interval is too narrow (replay.md section 9)."""
DRAWS = 10_000


@dataclass(frozen=True, slots=True)
class Reliability:
    """A mean over scenarios with its 95 % interval. ``n``: scenarios it rests on; ``uncovered``: those with under k trials.

    ``by``: how the interval was made: ``bootstrap``, ``wilson`` where all scenarios say the same, None without any.
    """

    value: float | None
    low: float | None
    high: float | None
    n: int
    uncovered: int = 0
    by: str | None = None


def pass_hat(c: int, n: int, k: int) -> float:
    """C(c, k) / C(n, k): the chance that k trials drawn of these n all passed. Source: tau-bench, arXiv 2406.12045.

    Raises:
        ValueError: k is larger than n, or the counts make no sense.
    """
    _sensible(c, n, k)
    return math.comb(c, k) / math.comb(n, k)


def pass_at(c: int, n: int, k: int) -> float:
    """1 - C(n - c, k) / C(n, k): the chance that one of k trials drawn of these n passed. Source: Chen et al. (2021).

    Raises:
        ValueError: as ``pass_hat``.
    """
    _sensible(c, n, k)
    return 1 - math.comb(n - c, k) / math.comb(n, k)


def all_of(rates: Sequence[float], k: int) -> float:
    """The chance that k different ones all pass, drawn of these with their pass rates: the mean of the products of k.

    Raises:
        ValueError: k is larger than their number.
    """
    _sensible(0, len(rates), k)
    sums = [1.0] + [0.0] * k
    for rate in rates:
        for size in range(k, 0, -1):
            sums[size] += sums[size - 1] * rate
    return sums[k] / math.comb(len(rates), k)


def over_scenarios(values: Sequence[float], *, uncovered: int = 0, seed: int = 0) -> Reliability:
    """The mean of one value a scenario, with a bootstrap over scenarios; Wilson where every scenario says the same 0 or 1.

    Trials of one scenario are far from independent: they are never drawn singly.
    """
    import numpy as np

    from traceeval.measures.interval import wilson
    from traceeval.measures.resampling import drawn

    if not values:
        return Reliability(None, None, None, 0, uncovered)
    mean, n = math.fsum(values) / len(values), len(values)
    if max(values) - min(values) < 1e-12:
        low, high = wilson(mean * n, n) or (None, None)
        return Reliability(mean, low, high, n, uncovered, "wilson")
    sums = drawn(np.array([(value, 1.0) for value in values]), DRAWS, seed)
    tails = np.quantile(sums[:, 0] / sums[:, 1], [0.025, 0.975])
    return Reliability(mean, float(tails[0]), float(tails[1]), n, uncovered, "bootstrap")


def scenarios_needed(values: Sequence[float], half_width: float) -> int | None:
    """How many scenarios a 95 % interval of that half width takes: (1.96 s / h)^2; None where all say the same."""
    if len(values) < 2 or half_width <= 0:
        return None
    mean = math.fsum(values) / len(values)
    deviation = math.sqrt(math.fsum((value - mean) ** 2 for value in values) / (len(values) - 1))
    return math.ceil((1.96 * deviation / half_width) ** 2) if deviation > 1e-12 else None


def _sensible(c: int, n: int, k: int) -> None:
    if not 1 <= k <= n:
        raise ValueError(f"k {k} of {n} trials: k is 1 to the number of trials; run more of them")
    if not 0 <= c <= n:
        raise ValueError(f"{c} passes of {n} trials")
