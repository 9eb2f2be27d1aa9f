"""Whether a slice does worse than the rest, and by how much. No assumption but that cases are exchangeable.

The null hypothesis is one and the same for every kind of score: the slice was drawn from all cases at random. For values
that are all 0 or 1 its probability is exact (Fisher); for any others it is bounded from above (Hoeffding), because
rank tests and Welch's overstate rare bad values in small slices by orders of magnitude.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from traceeval.measures.interval import t975, wilson

STEPS = 1000


@dataclass(frozen=True, slots=True)
class Sums:
    """``n`` values with their sum and sum of squares; ``binary``: all of them are 0 or 1."""

    n: int
    total: float
    squares: float
    binary: bool

    @property
    def centre(self) -> float:
        """The mean; only for ``n`` > 0."""
        return self.total / self.n

    @property
    def variance(self) -> float:
        """The sample variance; 0 under 2 values."""
        return max(0.0, self.squares - self.total**2 / self.n) / (self.n - 1) if self.n > 1 else 0.0


def counted(values: Any) -> Any:
    """How many values there are at each step of 1/1000 from 0 (worst) to 1 (best), as 1001 integers."""
    import numpy as np

    return np.bincount(np.clip(np.rint(np.asarray(values) * STEPS), 0, STEPS).astype(np.int64), minlength=STEPS + 1)


def chance(mine: Any, rest: Any) -> float:
    """Probability, at most, that cases drawn at random from all have a mean as low as ``mine`` have.

    Both as ``counted``. Exact where all values are 0 or 1: Fisher (1935). For others the exponential bound of Hoeffding
    (1963, theorem 4: draws without replacement are no wider than with), of the slice or of the rest, whichever is the
    smaller sample. 1 where either is empty.
    """
    import numpy as np

    steps = np.flatnonzero(mine + rest)
    few, many = mine[steps], rest[steps]
    n, m, total, others = int(few.sum()), int(many.sum()), int(few @ steps), int(many @ steps)
    if not n or not m or total * m >= others * n:
        return 1.0
    if set(steps) <= {0, STEPS}:
        return _fisher(total // STEPS, n, others // STEPS, m)
    if n <= m:
        return _bound(steps, few + many, n, total / n)
    return _bound(-steps[::-1], (few + many)[::-1], m, -others / m)


def _fisher(good: int, n: int, others: int, m: int) -> float:
    import numpy as np
    from scipy.stats import fisher_exact

    return float(fisher_exact(np.array([[good, n - good], [others, m - others]]), alternative="less").pvalue)


def _bound(steps: Any, counts: Any, n: int, mean: float) -> float:
    """Min over t < 0 of (E exp(t (X - mean)))^n, for a mean under that of X."""
    import numpy as np
    from scipy.optimize import brentq

    shares, away = counts / counts.sum(), steps - mean
    if away[0] >= 0:  # every value of the sample is the lowest there is
        return float(shares[0] ** n)

    def tilted(t: float) -> Any:
        powers = t * away
        return shares * np.exp(powers - powers.max())

    def slope(t: float) -> float:
        return float((tilted(t) * away).sum())

    low = -1.0 / STEPS
    while slope(low) > 0:
        low *= 2
    t = brentq(slope, low, 0.0)
    return min(1.0, math.exp(n * (math.log(tilted(t).sum()) + float((t * away).max()))))


def coverage_chance(scored: int, eligible: int, rest_scored: int, rest_eligible: int) -> float:
    """Probability that a slice drawn at random has a coverage as far from the rest's. Two-sided, Fisher (1935)."""
    import numpy as np
    from scipy.stats import fisher_exact

    table = np.array([[scored, eligible - scored], [rest_scored, rest_eligible - rest_scored]])
    return float(fisher_exact(table).pvalue)


def shortfall(slice_: Sums, rest: Sums, *, better: str = "higher") -> tuple[float, float, float]:
    """(value, low, high): by how much the slice's mean is worse than the rest's, with a 95 % interval.

    0/1 values: Newcombe (1998), method 10. Others: Welch (1947), with the larger of the two variances for the slice, so
    that a handful of equal values is no certainty. Both need a value in the slice and one in the rest.
    """
    sign = 1.0 if better == "higher" else -1.0
    first, second = (rest, slice_) if sign > 0 else (slice_, rest)
    worse = first.centre - second.centre
    if slice_.binary and rest.binary:
        return worse, *_newcombe(first, second)
    variance = max(slice_.variance, rest.variance)
    half = math.sqrt(variance / slice_.n + rest.variance / rest.n)
    half *= t975(max(slice_.n - 1, 1))
    return worse, worse - half, worse + half


def _newcombe(first: Sums, second: Sums) -> tuple[float, float]:
    """Limits of the difference of two rates, from the Wilson limits of each."""
    p, q = first.centre, second.centre
    (p_low, p_high), (q_low, q_high) = (wilson(one.total, one.n) or (0.0, 1.0) for one in (first, second))
    return p - q - math.hypot(p - p_low, q_high - q), p - q + math.hypot(p_high - p, q - q_low)
