"""Intervals: Wilson for rates, Student for means, percentile bootstrap over clusters.

All are 95 % unless told otherwise. A number without enough to go by has none: None, never a point.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import TypeVar

Z95 = 1.959963984540054
Row = TypeVar("Row")


def wilson(successes: float, n: int, z: float = Z95) -> tuple[float, float] | None:
    """Score interval of a rate; None when n is 0. Source: Wilson (1927). ``wilson(8, 10)`` is (.490162, .943318)."""
    if n <= 0:
        return None
    p, zz = successes / n, z * z
    centre = (p + zz / (2 * n)) / (1 + zz / n)
    half = z / (1 + zz / n) * math.sqrt(p * (1 - p) / n + zz / (4 * n * n))
    low, high = max(0.0, centre - half), min(1.0, centre + half)
    return (0.0 if successes <= 0 else low, 1.0 if successes >= n else high)


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
