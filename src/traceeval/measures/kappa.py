"""Weighted kappa of two raters that are not exchangeable: a judge against people."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np

from traceeval.measures.beyond_chance import Apart, Resampled, by_answers
from traceeval.measures.rare import usual
from traceeval.measures.ratings import Floats, ratings
from traceeval.measures.resampling import DRAWS, Coefficient, drawn, over, summed


def weighted_kappa(
    pairs: Sequence[tuple[int, int]],
    categories: Sequence[int],
    *,
    clusters: Sequence[Hashable] | None = None,
    weights: Sequence[float] | None = None,
    draws: int = DRAWS,
    seed: int = 0,
) -> Coefficient:
    """Cohen's kappa with quadratic weights, of one rater (a judge) against another (people), -1..1, with its interval.

    ``categories``: ascending marks of the scale; the weight of a disagreement is the square of its distance in places.
    ``clusters`` and ``weights`` as for ``ratings``. Undefined without pairs, or when both give one and the same mark.
    Source: Cohen (1968).

    Raises:
        ValueError: a mark is none of the categories.
    """
    both = ratings([(a, b) for a, b in pairs], categories=categories, clusters=clusters, weights=weights)
    place, q = {mark: number for number, mark in enumerate(categories)}, len(categories)
    cells = np.zeros((len(pairs), q * q))
    cells[np.arange(len(pairs)), [place[a] * q + place[b] for a, b in pairs]] = 1.0
    by_cluster = summed(cells, both)
    point = by_cluster.sum(0)
    why = "no pairs" if not pairs else "both raters gave one and the same mark"
    found = Resampled(
        _kappas(point, q), _kappas(point - by_cluster, q), lambda: _kappas(drawn(by_cluster, draws, seed), q), why
    )
    confusion = by_cluster.reshape(-1, q, q)
    either_way, far = confusion + confusion.swapaxes(1, 2), _far(q)
    apart = Apart.of_pairs(either_way, far, 2 * float(_chance(point.reshape(q, q))), 2 * usual(both.weights))
    return by_answers(found, apart, either_way, far)


def _kappas(sums: Floats, q: int) -> Floats:
    confusion = sums.reshape(*sums.shape[:-1], q, q)
    return 1 - over((confusion * _far(q)).sum((-1, -2)), _chance(confusion))


def _chance(confusion: Floats) -> Floats:
    """What the disagreement would come to by chance; NaN, for in here only, without pairs."""
    far = _far(confusion.shape[-1])
    return over(np.einsum("...i,...j,ij->...", confusion.sum(-1), confusion.sum(-2), far), confusion.sum((-1, -2)))


def _far(q: int) -> Floats:
    return np.subtract.outer(np.arange(q), np.arange(q)).astype(np.float64) ** 2
