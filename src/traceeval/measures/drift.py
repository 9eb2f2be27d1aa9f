"""Whether two windows look alike: distances between distributions, and how often chance alone would make them so large.

Rows are traces, so that what one trace holds moves together under the permutation. Source: Good (2005), ch. 3; the two-sample
statistic of Kolmogorov and Smirnov; total variation distance.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

PERMUTATIONS = 999
CHUNK = 100


@dataclass(frozen=True, slots=True)
class Distance:
    """A distance 0..1 and the chance of one as large between windows drawn from one pool."""

    value: float
    p: float


def value_distance(base: Any, head: Any, *, permutations: int = PERMUTATIONS, seed: int = 0) -> Distance | None:
    """Largest difference between the cumulative shares of two samples of numbers; None where either is empty."""
    import numpy as np

    base, head = np.asarray(base, dtype=np.float64), np.asarray(head, dtype=np.float64)
    if not len(base) or not len(head):
        return None
    values = np.concatenate([base, head])
    order = np.argsort(values, kind="stable")
    last = np.append(values[order][1:] != values[order][:-1], True)

    def largest(labels: Any) -> Any:
        mine = labels[:, order].cumsum(axis=1)[:, last] / len(base)
        theirs = (1 - labels)[:, order].cumsum(axis=1)[:, last] / len(head)
        return np.abs(mine - theirs).max(axis=1)

    return _permuted(largest, len(base), len(head), permutations, seed)


def mix_distance(base: Any, head: Any, *, permutations: int = PERMUTATIONS, seed: int = 0) -> Distance | None:
    """Half the sum of differences between shares of what was counted; arrays [trace, thing] of counts.

    None where either window counted nothing.
    """
    import numpy as np

    counts = np.concatenate([base, head]).astype(np.float64)
    if not np.sum(base) or not np.sum(head):
        return None

    def total(labels: Any) -> Any:
        mine, theirs = labels @ counts, (1 - labels) @ counts
        with np.errstate(invalid="ignore"):
            shares = [side / side.sum(axis=1, keepdims=True) for side in (mine, theirs)]
        return np.nan_to_num(np.abs(shares[0] - shares[1]).sum(axis=1) / 2, nan=1.0)

    return _permuted(total, len(base), len(head), permutations, seed)


def _permuted(statistic: Any, mine: int, theirs: int, permutations: int, seed: int) -> Distance:
    """The statistic of the windows as they are, and the share of permuted ones that are at least as far apart."""
    import numpy as np

    rng = np.random.default_rng(seed)
    labels = np.concatenate([np.ones(mine), np.zeros(theirs)])
    seen = float(statistic(labels[None, :])[0])
    above = 0
    for begun in range(0, permutations, CHUNK):
        some = np.array([rng.permutation(labels) for _ in range(min(CHUNK, permutations - begun))])
        above += int((statistic(some) >= seen - 1e-12).sum())
    return Distance(seen, (above + 1) / (permutations + 1))
