"""A mean watched for as long as one likes: its alarm is false with at most the stated chance, however often one looks.

Betting against "the mean still lies where it lay": stakes grow with evidence, and a fair bet that grows to 1/alpha does so
with a chance of at most alpha, at any time (Ville's inequality). The reference is known only from a sample, so half of alpha
pays for its interval. Sources: Ville (1939); Waudby-Smith & Ramdas (2024), "Estimating means of bounded random variables by
betting".
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

Way: TypeAlias = Literal["rose", "fell"]
STAKES = 16
"""How many sizes of bet are played side by side; none has to be chosen."""


@dataclass(frozen=True, slots=True)
class Alarm:
    """``at``: the number of values, from 1, after which the evidence was enough; ``rose`` or ``fell``."""

    at: int
    way: Way
    capital: float


@dataclass(frozen=True, slots=True)
class Watched:
    """Where the reference mean lies with the stated chance, the capital of either bet at the end, and the first alarm."""

    low: float
    high: float
    n: int
    rose: float
    fell: float
    alarm: Alarm | None


def watch(reference: Any, values: Iterable[float], *, alpha: float = 0.05) -> Watched:
    """Whether values in 0..1, in their order, still have the mean of the reference, an array of values in 0..1.

    Raises:
        ValueError: the reference is empty, or a value lies outside 0..1.
    """
    import numpy as np

    low, high = mean_bounds(reference, alpha / 2)
    # From careful to bold; the boldest leaves a tenth where a value loses the most it can, which is 1.
    stakes = np.geomspace(0.02, 0.9, STAKES)
    rose, fell = np.zeros(STAKES), np.zeros(STAKES)
    capital: dict[Way, float] = {"rose": 1.0, "fell": 1.0}
    n, alarm = 0, None
    for value in values:
        if not 0 <= value <= 1:
            raise ValueError(f"{value!r} lies outside 0..1")
        n += 1
        rose += np.log1p(stakes * (value - high))
        fell += np.log1p(stakes * (low - value))
        capital = {"rose": float(np.exp(rose).mean()), "fell": float(np.exp(fell).mean())}
        way: Way = "rose" if capital["rose"] >= capital["fell"] else "fell"
        if alarm is None and capital[way] >= needed(alpha):
            alarm = Alarm(n, way, capital[way])
    return Watched(low, high, n, capital["rose"], capital["fell"], alarm)


def needed(alpha: float) -> float:
    """The capital that is an alarm: half of alpha pays for the reference, and each way has half of the rest."""
    return 4 / alpha


def mean_bounds(values: Any, alpha: float) -> tuple[float, float]:
    """Where the mean of values in 0..1 lies with a chance of at least 1 - alpha, for any distribution.

    Exact where every value is 0 or 1 (Clopper & Pearson 1934), else empirical Bernstein (Maurer & Pontil 2009, theorem 4, on
    both sides).

    Raises:
        ValueError: fewer than two values, or one outside 0..1.
    """
    import numpy as np
    from scipy.stats import binomtest

    n = len(values)
    if n < 2 or not np.isfinite(values).all() or values.min() < 0 or values.max() > 1:
        raise ValueError("a reference needs two values or more, each in 0..1")
    if np.isin(values, (0.0, 1.0)).all():
        exact = binomtest(int(values.sum()), n).proportion_ci(1 - alpha, method="exact")
        return float(exact.low), float(exact.high)
    mean, told = float(values.mean()), float(np.log(4 / alpha))
    half = float(np.sqrt(2 * values.var(ddof=1) * told / n)) + 7 * told / (3 * (n - 1))
    return max(0.0, mean - half), min(1.0, mean + half)
