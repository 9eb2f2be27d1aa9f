"""Mean differences over units that come in clusters: value, interval and p, honest where all units say the same.

Arrays are NumPy's; a value that is not a number is left out. Values lie in -1..1, clusters are any codes. The interval and p
rest on cluster sums (linearised, Student with clusters + 1 degrees of freedom) after adding two pseudo-units that say
opposite things of the usual size, so that thirty verdicts of one kind have a width and a p like everything else.
Sources: Agresti & Min (2005), N + 2 for paired proportions; Agresti & Caffo (2000) for two groups; Binder (1983).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

FEWEST = 10


@dataclass(frozen=True, slots=True)
class Shift:
    """A mean difference, -1..1, with its 95 % interval and the two-sided p of "no difference"; ``n`` units."""

    value: float
    low: float
    high: float
    p: float
    n: int
    clusters: int


def shift(values: Any, clusters: Any, weights: Any = None) -> Shift | None:
    """How far the mean of ``values`` lies from 0; None under ``FEWEST`` clusters. ``weights``: positive, 1 unless given."""
    import numpy as np

    kept = np.isfinite(values)
    v, w = values[kept], (np.ones(kept.sum()) if weights is None else weights[kept])
    codes, count = _codes(clusters[kept])
    if count < FEWEST:
        return None
    sums, sizes = np.bincount(codes, w * v, count), np.bincount(codes, w, count)
    typical, total = sizes.mean(), sizes.sum()
    centre = sums.sum() / (total + 2 * typical)
    moved = v[v != 0]
    step = float(np.sqrt((moved**2).mean())) if len(moved) else 1.0
    opposed = typical**2 * ((step - centre) ** 2 / 2 + (step + centre) ** 2 / 2 + centre**2)
    squares = ((sums - centre * sizes) ** 2).sum() + opposed
    spread = (squares * (count + 2) / (count + 1)) ** 0.5 / (total + 2 * typical)
    return _shift(float(sums.sum() / total), float(centre), float(spread), len(v), count)


def contrast(values: Any, group: Any, clusters: Any) -> Shift | None:
    """Mean of ``values`` (0..1) where ``group`` holds less the mean elsewhere; None under ``FEWEST`` clusters in either."""
    import numpy as np

    kept = np.isfinite(values)
    v, mine = values[kept], group[kept].astype(bool)
    codes, count = _codes(clusters[kept])
    influence, means, centres = np.zeros(len(v)), [], []
    extra = 0.0
    for part in (mine, ~mine):
        if len(np.unique(codes[part])) < FEWEST:
            return None
        n, total = int(part.sum()), float(v[part].sum())
        centre = (total + 1) / (n + 2)
        influence[part] = (v[part] - centre) / (n + 2)
        extra += (centre**2 + (1 - centre) ** 2) / (n + 2) ** 2
        means.append(total / n)
        centres.append(centre)
    influence[~mine] *= -1
    squares = (np.bincount(codes, influence, count) ** 2).sum() + extra
    spread = (squares * (count + 2) / (count + 1)) ** 0.5
    return _shift(means[0] - means[1], centres[0] - centres[1], float(spread), len(v), count)


def _codes(clusters: Any) -> tuple[Any, int]:
    import numpy as np

    _, codes = np.unique(clusters, return_inverse=True)
    return codes, int(codes.max()) + 1 if len(codes) else 0


def _shift(value: float, centre: float, spread: float, n: int, clusters: int) -> Shift:
    from scipy.special import stdtr

    from traceeval.measures.interval import t975

    half = t975(clusters + 1) * spread
    p = 2 * float(stdtr(clusters + 1, -abs(centre) / spread))
    return Shift(value, max(-1.0, min(centre - half, value)), min(1.0, max(centre + half, value)), p, n, clusters)


def holm(chances: Sequence[float]) -> list[float]:
    """p-values adjusted for their number: the chance that any true "no difference" among them is refuted.

    Source: Holm (1979). ``holm([.01, .04, .03, .005])`` is [.03, .06, .06, .02].
    """
    order = sorted(range(len(chances)), key=lambda at: chances[at])
    adjusted, least = [0.0] * len(chances), 0.0
    for place, at in enumerate(order):
        least = max(least, min(1.0, (len(chances) - place) * chances[at]))
        adjusted[at] = least
    return adjusted
