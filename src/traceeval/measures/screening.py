"""An instrument that says yes or no, and how often it is right: exact intervals, and rates corrected for its errors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from traceeval.measures.interval import Z95


def clopper_pearson(hits: float, n: float, level: float = 0.95) -> tuple[float, float] | None:
    """Exact interval of a rate; None when n is 0. Source: Clopper & Pearson (1934).

    Fractions are taken for effective sizes of weighted or clustered units (Korn & Graubard 1998). Of 36 hits in 36 the
    lower end is .9026: the fewest that show a rate of .9.
    """
    if n <= 0:
        return None
    from scipy.special import betaincinv

    tail = (1 - level) / 2
    low = 0.0 if hits <= 0 else float(betaincinv(hits, n - hits + 1, tail))
    high = 1.0 if hits >= n else float(betaincinv(hits + 1, n - hits, 1 - tail))
    return low, high


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate of ``n`` units with the ``size`` at which independent units of equal weight would vary as much."""

    rate: float
    size: float
    n: int

    @property
    def interval(self) -> tuple[float, float]:
        """Clopper and Pearson's, at that size."""
        return clopper_pearson(self.rate * self.size, self.size) or (0.0, 1.0)


def effective_rate(hits: Sequence[bool], weights: Sequence[float], clusters: Sequence[str]) -> Rate | None:
    """A weighted rate over clusters; None without units.

    The size is Kish's for the weights, less where clusters vary more than their units would; where all units say the
    same, Kish's for the weights of whole clusters. Source: Korn & Graubard (1998).
    """
    if not hits:
        return None
    import numpy as np

    hit, w = np.array(hits, dtype=np.float64), np.array(weights, dtype=np.float64)
    _, codes = np.unique(np.array(clusters), return_inverse=True)
    sums, sizes = np.bincount(codes, w * hit), np.bincount(codes, w)
    value = float(sums.sum() / w.sum())
    if all(hits) or not any(hits):
        return Rate(float(all(hits)), float(sizes.sum() ** 2 / (sizes**2).sum()), len(hits))
    kish = float(w.sum() ** 2 / (w**2).sum())
    variance = float(((sums - value * sizes) ** 2).sum()) / float(w.sum()) ** 2
    varies = value * (1 - value) / variance if variance > 0 else kish
    return Rate(value, min(kish, varies), len(hits))


@dataclass(frozen=True, slots=True)
class Corrected:
    """A rate corrected for the errors of what measured it. ``raw`` may lie outside 0..1; ``value`` is clipped to it."""

    raw: float
    value: float
    se: float
    low: float
    high: float


def rogan_gladen(
    flagged: float, n: float, found: float, positives: float, cleared: float, negatives: float
) -> Corrected | None:
    """The true rate behind ``flagged`` of ``n``, for ``found`` of ``positives`` and ``cleared`` of ``negatives`` told right.

    ``p = (q + Sp - 1)/J`` with J = Se + Sp - 1; None when J's lower limit is 0 or less (no better than chance), or a
    class has no unit. Sources: Rogan & Gladen (1978); interval: Lang & Reiczigel (2014).
    """
    if min(n, positives, negatives) <= 0 or not _better_than_chance(found, positives, cleared, negatives):
        return None
    q, se, sp = flagged / n, found / positives, cleared / negatives
    j = se + sp - 1
    raw = (q + sp - 1) / j
    variance = (
        q * (1 - q) / n + raw**2 * se * (1 - se) / positives + (1 - raw) ** 2 * sp * (1 - sp) / negatives
    ) / j**2
    low, high = _lang_reiczigel(flagged, n, found, positives, cleared, negatives)
    return Corrected(raw, min(1.0, max(0.0, raw)), variance**0.5, low, high)


def _better_than_chance(found: float, positives: float, cleared: float, negatives: float) -> bool:
    """Whether the lower limit of J lies above 0; adjusted as below, so that a perfect record has a width too."""
    se, sp = (found + 1) / (positives + 2), (cleared + 1) / (negatives + 2)
    spread = (se * (1 - se) / (positives + 2) + sp * (1 - sp) / (negatives + 2)) ** 0.5
    return bool(se + sp - 1 - Z95 * spread > 0)


def _lang_reiczigel(
    flagged: float, n: float, found: float, positives: float, cleared: float, negatives: float
) -> tuple[float, float]:
    """Adjusted Wald: z²/2 successes and failures for the rate, one of each for Se and Sp, and a shift of the centre."""
    zz = Z95**2
    wide = n + zz
    q = (flagged + zz / 2) / wide
    se, sp = (found + 1) / (positives + 2), (cleared + 1) / (negatives + 2)
    j = se + sp - 1
    p = (q + sp - 1) / j
    of_se, of_sp = se * (1 - se) / (positives + 2), sp * (1 - sp) / (negatives + 2)
    moved = 2 * zz * (p * of_se - (1 - p) * of_sp)
    half = Z95 * (q * (1 - q) / wide + p**2 * of_se + (1 - p) ** 2 * of_sp) ** 0.5 / j
    return min(1.0, max(0.0, p + moved - half)), min(1.0, max(0.0, p + moved + half))
