"""Intervals: Wilson for rates, Student for means, percentile bootstrap over clusters."""

from __future__ import annotations

import math
from functools import lru_cache

Z95 = 1.959963984540054


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
    half = _t975(n - 1) * math.sqrt(variance / n)
    return mean - half, mean + half


@lru_cache(maxsize=1024)
def _t975(df: int) -> float:
    if df > 2000:
        return Z95
    from scipy.special import stdtrit  # a tenth of the start-up of scipy.stats

    return float(stdtrit(df, 0.975))
