"""What several people said of the same units, as one table of counts that every agreement statistic reads.

Who said it is not kept: the statistics here treat raters as exchangeable. A missing rating is left out, never guessed.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Any, cast

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Ratings:
    """Units by categories. Two of equal content are equal and hash alike, so results can be cached by them.

    ``counts``: how many people put a unit into a category, [units, categories]; ``values``: the number a category
    stands for, ascending, or its place where it is no number; ``clusters``: which scenario a unit belongs to,
    integers from 0; ``weights``: how many units of the population one stands for, mean 1.
    """

    counts: Floats
    values: Floats
    clusters: npt.NDArray[np.intp]
    weights: Floats

    @property
    def paired(self) -> int:
        """How many units at least two people rated."""
        return int((self.counts.sum(1) >= 2).sum())

    @cached_property
    def digest(self) -> bytes:
        """SHA-256 over the whole table."""
        parts = (self.counts, self.values, self.clusters, self.weights)
        return sha256(b"".join(str(part.shape).encode() + part.tobytes() for part in parts)).digest()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Ratings) and self.digest == other.digest

    def __hash__(self) -> int:
        return hash(self.digest)


def ratings(
    units: Sequence[Sequence[Hashable]],
    *,
    categories: Sequence[Hashable] | None = None,
    clusters: Sequence[Hashable] | None = None,
    weights: Sequence[float] | None = None,
) -> Ratings:
    """The table of ``units``, each the ratings it was given; None is a missing one.

    ``categories``: all that could be given, in order, whether seen or not; None: those seen, in order.
    ``clusters``: each unit's scenario; None: every unit is its own. ``weights``: 1 / (inclusion probability times the
    share drawn for overlap); None: all equal.

    Raises:
        ValueError: a rating is none of the categories, or lengths differ.
    """
    told = [(unit, value) for unit, given in enumerate(units) for value in given if value is not None]
    known = _in_order({value for _, value in told}) if categories is None else list(categories)
    place = {category: number for number, category in enumerate(known)}
    strange = next((value for _, value in told if value not in place), None)
    if strange is not None:
        raise ValueError(f"{strange!r} is none of the categories {known}; add it to them")
    codes = np.array([unit * len(known) + place[value] for unit, value in told], dtype=np.intp)
    return table(
        np.bincount(codes, minlength=len(units) * len(known)).reshape(len(units), len(known)), known, clusters, weights
    )


def coded(
    grid: npt.NDArray[Any],
    *,
    categories: Sequence[Hashable] | None = None,
    clusters: Sequence[Hashable] | None = None,
    weights: Sequence[float] | None = None,
) -> Ratings:
    """The same of a grid of numbers, [units, raters], NaN where a rating is missing: for whole arrays at once."""
    filled = np.asarray(grid, dtype=np.float64)
    there = ~np.isnan(filled)
    known = np.unique(filled[there]) if categories is None else np.asarray(categories, dtype=np.float64)
    places = np.searchsorted(known, filled[there])
    if places.size and (places.max() >= known.size or (known[places] != filled[there]).any()):
        raise ValueError(f"a rating is none of the categories {known.tolist()}; add it to them")
    codes = np.nonzero(there)[0] * known.size + places
    counts = np.bincount(codes, minlength=filled.shape[0] * known.size).reshape(filled.shape[0], known.size)
    return table(counts, known.tolist(), clusters, weights)


def table(
    counts: npt.NDArray[Any],
    categories: Sequence[Hashable],
    clusters: Sequence[Hashable] | None,
    weights: Sequence[float] | None,
) -> Ratings:
    """Counts as ``Ratings``.

    Raises:
        ValueError: lengths differ, or a weight is not positive.
    """
    n = len(counts)
    if any(given is not None and len(given) != n for given in (clusters, weights)):
        raise ValueError(f"{n} units need {n} clusters and weights")
    numbers = all(isinstance(value, (int, float)) for value in categories)
    values = np.array(categories if numbers else range(len(categories)), dtype=np.float64)
    shares = np.ones(n) if weights is None else np.asarray(weights, dtype=np.float64)
    if n and not (shares > 0).all():
        raise ValueError("a weight is 1 / probability, so it is positive")
    shares = shares / shares.mean() if n else shares
    return Ratings(counts.astype(np.float64), values, _numbered(clusters, n), shares)


def _numbered(clusters: Sequence[Hashable] | None, n: int) -> npt.NDArray[np.intp]:
    if clusters is None:
        return np.arange(n, dtype=np.intp)
    groups: dict[Hashable, int] = {}
    return np.array([groups.setdefault(cluster, len(groups)) for cluster in clusters], dtype=np.intp)


def _in_order(seen: set[Hashable]) -> list[Hashable]:
    try:
        return cast("list[Hashable]", sorted(cast("set[Any]", seen)))
    except TypeError:
        return sorted(seen, key=repr)
