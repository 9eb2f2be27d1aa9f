"""Shares over units in clusters, many at once: percentile bootstrap by clusters as one matrix product."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from traceeval.measures.interval import wilson
from traceeval.measures.resampling import DRAWS, coefficient, drawn, over


@dataclass(frozen=True, slots=True)
class Shared:
    """A share 0..1 with its 95 % interval, over ``n`` units in ``clusters``."""

    value: float
    low: float | None
    high: float | None
    n: int
    clusters: int


def shares(
    values: Any, clusters: Any, *, weights: Any = None, draws: int = DRAWS, seed: int = 0
) -> list[Shared | None]:
    """A share for every column of ``values`` [n, columns] (0..1, nan: left out); None for a column without values.

    All columns are drawn together. Where every unit of a column says the same, resampling cannot tell a width: Wilson's
    interval at the number of clusters stands instead. No interval under two clusters. ``weights``: 1 unless given.
    """
    _, codes = np.unique(clusters, return_inverse=True)
    count, columns = int(codes.max(initial=-1)) + 1, values.shape[1]
    known = np.isfinite(values) * (1.0 if weights is None else np.asarray(weights)[:, None])
    sums = np.zeros((count, 2 * columns))
    np.add.at(sums, codes, np.hstack([np.nan_to_num(values) * known, known]))
    rates = _rates(drawn(sums, draws, seed), columns)
    whole = _rates(sums.sum(0), columns)
    met = sums[:, columns:] > 0
    return [
        _shared(whole[at], rates[:, at], int((known[:, at] > 0).sum()), int(met[:, at].sum())) for at in range(columns)
    ]


def _rates(sums: Any, columns: int) -> Any:
    return over(sums[..., :columns], sums[..., columns:])


def _shared(whole: Any, redrawn: Any, n: int, clusters: int) -> Shared | None:
    if not n:
        return None
    value = float(whole)
    if clusters < 2:
        return Shared(value, None, None, n, clusters)
    if value in (0.0, 1.0):
        return Shared(value, *(wilson(value * clusters, clusters) or (0.0, 1.0)), n, clusters)
    found = coefficient(whole, redrawn, None, "")
    return Shared(value, found.low, found.high, n, clusters)
