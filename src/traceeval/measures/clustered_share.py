"""Shares over units in clusters, many at once: percentile bootstrap by clusters as one matrix product."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from traceeval.measures.interval import wilson

DRAWS = 1000


@dataclass(frozen=True, slots=True)
class Shared:
    """A share 0..1 with its 95 % interval, over ``n`` units in ``clusters``."""

    value: float
    low: float | None
    high: float | None
    n: int
    clusters: int


def shares(values: Any, clusters: Any, *, draws: int = DRAWS, seed: int = 0) -> list[Shared | None]:
    """A share for every column of ``values`` [n, columns] (0..1, nan: left out); None for a column without values.

    All columns are drawn together, ``draws`` times. Where every unit of a column says the same, resampling cannot tell a
    width: Wilson's interval at the number of clusters stands instead. No interval under two clusters.
    """
    import numpy as np

    _, codes = np.unique(clusters, return_inverse=True)
    count = int(codes.max()) + 1 if len(codes) else 0
    known = np.isfinite(values)
    sums, sizes = np.zeros((count, values.shape[1])), np.zeros((count, values.shape[1]))
    np.add.at(sums, codes, np.where(known, values, 0.0))
    np.add.at(sizes, codes, known.astype(float))
    drawn = _ends(sums, sizes, draws, seed) if count > 1 else None
    found: list[Shared | None] = []
    for at in range(values.shape[1]):
        n, parts = int(sizes[:, at].sum()), int((sizes[:, at] > 0).sum())
        if not n:
            found.append(None)
            continue
        value = float(sums[:, at].sum() / n)
        low, high = (None, None) if parts < 2 or drawn is None else (float(drawn[0, at]), float(drawn[1, at]))
        if value in (0.0, 1.0) and parts > 1:
            low, high = wilson(value * parts, parts) or (None, None)
        found.append(Shared(value, low, high, n, parts))
    return found


def _ends(sums: Any, sizes: Any, draws: int, seed: int) -> Any:
    """[2, columns]: the 2.5 and 97.5 % ends; draws without a unit of a column are left out of that column."""
    import numpy as np

    times = resampled(len(sums), draws, seed)
    with np.errstate(invalid="ignore", divide="ignore"):
        drawn = (times @ sums) / (times @ sizes)
    percentile = np.percentile if np.isfinite(drawn).all() else np.nanpercentile
    some = np.isfinite(drawn).any(axis=0)
    ends = np.full((2, sums.shape[1]), np.nan)
    ends[:, some] = percentile(drawn[:, some], [2.5, 97.5], axis=0)
    return ends


@lru_cache(maxsize=8)
def resampled(clusters: int, draws: int, seed: int) -> Any:
    """[draws, clusters]: how often each cluster is drawn when as many as there are are drawn with replacement."""
    import numpy as np

    taken = np.random.default_rng(seed).integers(0, clusters, (draws, clusters))
    taken += np.arange(draws)[:, None] * clusters
    times = np.bincount(taken.ravel(), minlength=draws * clusters).reshape(draws, clusters).astype(np.float64)
    times.flags.writeable = False
    return times
