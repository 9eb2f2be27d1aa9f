"""Intervals: Wilson for rates, Student for means, percentile bootstrap over clusters.

All are 95 % unless told otherwise. A number without enough to go by has none: None, never a point.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

Z95 = 1.959963984540054
Row = TypeVar("Row")


def wilson(successes: float, n: float, z: float = Z95) -> tuple[float, float] | None:
    """Score interval of a rate; None when n is 0. Source: Wilson (1927). ``wilson(8, 10)`` is (.490162, .943318)."""
    if n <= 0:
        return None
    p, zz = successes / n, z * z
    centre = (p + zz / (2 * n)) / (1 + zz / n)
    half = z / (1 + zz / n) * math.sqrt(p * (1 - p) / n + zz / (4 * n * n))
    low, high = max(0.0, centre - half), min(1.0, centre + half)
    return (0.0 if successes <= 0 else low, 1.0 if successes >= n else high)


@dataclass(slots=True)
class Clustered:
    """A rate over units that come in clusters, as running sums: facts in traces, chunks in traces. Mergeable."""

    clusters: int = 0
    hits: float = 0.0
    units: float = 0.0
    squares: tuple[float, float, float] = (0.0, 0.0, 0.0)

    def add(self, hits: float, units: float) -> None:
        """Count one cluster; one without units is none."""
        if units > 0:
            self.merge(Clustered(1, hits, units, (hits * hits, hits * units, units * units)))

    def merge(self, other: Clustered) -> None:
        """Add what another worker counted."""
        self.clusters += other.clusters
        self.hits += other.hits
        self.units += other.units
        a, b, c = self.squares
        d, e, f = other.squares
        self.squares = (a + d, b + e, c + f)

    def interval(self) -> tuple[float, float] | None:
        """Wilson's interval at the effective sample size; None without units.

        The size is that at which independent units would vary as the clusters do, at most the number of units; where
        all units agree it is the number of clusters. Source: Korn & Graubard (1998).
        """
        if not self.units:
            return None
        rate = self.hits / self.units
        hh, hu, uu = self.squares
        variance = max(0.0, hh - 2 * rate * hu + rate * rate * uu) / self.units**2
        size = float(self.clusters)
        if variance > 0 and 0 < rate < 1:
            size = min(rate * (1 - rate) / variance, self.units)
        return wilson(rate * size, size)


def t_interval(total: float, squares: float, n: int) -> tuple[float, float] | None:
    """95 % interval of a mean from the sum and the sum of squares; None under 2 values. Source: Student (1908)."""
    if n < 2:
        return None
    mean = total / n
    variance = max(0.0, (squares - n * mean * mean) / (n - 1))
    half = t975(n - 1) * math.sqrt(variance / n)
    return mean - half, mean + half


def bootstrap(
    rows: Sequence[Row],
    clusters: Sequence[str],
    statistic: Callable[[list[Row]], float | None],
    *,
    n: int = 10_000,
    seed: int = 0,
) -> tuple[float, float] | None:
    """95 % percentile interval of a statistic over draws of whole clusters; None under two clusters.

    Draws on which the statistic is None are left out. Source: Efron & Tibshirani (1993), ch. 13.
    """
    import numpy as np

    members: dict[str, list[Row]] = {}
    for row, cluster in zip(rows, clusters, strict=True):
        members.setdefault(cluster, []).append(row)
    drawn_from = [members[name] for name in sorted(members)]
    if len(drawn_from) < 2:
        return None
    rng = np.random.default_rng(seed)
    draws = (rng.integers(0, len(drawn_from), len(drawn_from)) for _ in range(n))
    found = (statistic([row for at in draw for row in drawn_from[at]]) for draw in draws)
    values = [value for value in found if value is not None]
    if not values:
        return None
    low, high = np.percentile(values, [2.5, 97.5])
    return float(low), float(high)


@lru_cache(maxsize=1024)
def t975(df: int) -> float:
    """The 97.5 % quantile of Student's t; the normal one above 2,000 degrees of freedom."""
    if df > 2000:
        return Z95
    from scipy.special import stdtrit  # a tenth of the start-up of scipy.stats

    return float(stdtrit(df, 0.975))
