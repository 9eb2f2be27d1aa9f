"""How far raters agree beyond chance: Krippendorff's alpha, Gwet's AC1 and AC2, raw agreement.

Each is computed from sums over units, so leaving each scenario out is one subtraction, and a bootstrap over scenarios is
one matrix product: how often each was drawn, [draws, scenarios], times what each adds to the sums. What cannot be
computed is None with a reason.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from typing import Literal

import numpy as np

from traceeval.measures.beyond_chance import Apart, Resampled, by_answers, by_scale
from traceeval.measures.rare import usual
from traceeval.measures.ratings import Floats, Ratings, ratings
from traceeval.measures.resampling import DRAWS, Coefficient, drawn, number, over, summed

Level = Literal["nominal", "ordinal", "interval", "ratio"]
Weights = Literal["identity", "ordinal", "quadratic"]
Label = Literal["reliable", "tentative", "exploratory", "insufficient", "undefined"]
ENOUGH = 30
_TINY = 1e-12
RELIABLE, TENTATIVE = 0.8, 0.667


@dataclass(frozen=True, slots=True)
class Agreement:
    """Alpha, AC1 or AC2, and raw agreement of the same units: never one without the others.

    ``units``: how many two or more people rated; ``clusters``: of how many scenarios they are; ``label``: by the lower bound of
    alpha: from .8 ``reliable``, from .667 ``tentative``, else ``exploratory``; ``insufficient`` under 30 units.
    """

    alpha: Coefficient
    ac: Coefficient
    raw: Coefficient
    units: int
    clusters: int
    label: Label


@lru_cache(maxsize=256)
def agreement(
    table: Ratings, *, level: Level = "nominal", weights: Weights = "identity", draws: int = DRAWS, seed: int = 0
) -> Agreement:
    """All three with intervals over whole scenarios, ``draws`` of them where they are redrawn. Cached by the content of the table.

    ``level``: of alpha's distance; ``weights``: of AC (``identity`` gives AC1, others AC2). They are different things:
    alpha with Gwet's ordinal weights is not ordinal alpha. Where enough scenarios disagree, alpha and AC have Student's
    interval of Fisher's z by the jackknife over scenarios, raw agreement that of draws corrected for bias and
    acceleration; where few do, or nearly all hold one answer, an exact test's (``beyond_chance``, ``rare``). Under 5
    scenarios that hold a rarer answer alpha has none: nothing covers.
    Source: Efron & Tibshirani (1993), ch. 11, 12.6 and 14; Fisher (1921), On the probable error of a coefficient of
    correlation.
    """
    parts = _parts(table, weights)
    by_cluster = summed(parts, table)
    by_cluster = by_cluster[by_cluster.any(1)]
    point, q = by_cluster.sum(0), len(table.values)
    pairs, paired = by_cluster[:, : q * q].reshape(-1, q, q), by_cluster[:, q * q + 2]
    n = int((paired > 0).sum())
    redrawn = cache(lambda: drawn(by_cluster, draws if n > 1 else 0, seed))

    def of(statistic: Callable[[Floats], Floats], why: str) -> Resampled:
        return Resampled(statistic(point), statistic(point - by_cluster), lambda: statistic(redrawn()), why)

    margins, no_pair = pairs.sum((0, 2)), _why(table, chance=False)
    far = _distance(margins, table.values, level)
    expected = float((np.outer(margins, margins) * far).sum() / max(margins.sum() - 1, 1))
    differ, wide = _left(paired, by_cluster[:, q * q + 1]), _left(paired, by_cluster[:, q * q])
    twice = table.counts.sum(1) >= 2
    heavy = table.weights[twice]
    scale = partial(Apart, differ=differ, sizes=paired, unit=usual(heavy))
    unlike, everything = float(1 - _chance(point, q, weights)), float(paired.sum())
    found = (
        by_answers(
            of(lambda sums: _alphas(sums, table.values, level), _why(table)),
            Apart.of_pairs(pairs, far, expected, usual(heavy * table.counts[twice].sum(1))),
            pairs,
            far,
        ),
        by_scale(
            of(lambda sums: _gwet(sums, q, weights), no_pair),
            scale(found=wide, chance=everything * unlike, widest=float(1 - _weights(q, weights).min())),
            pairs,
        ),
        by_scale(
            of(lambda sums: _raw(sums, q), no_pair),
            scale(found=differ, chance=everything, widest=1.0),
            pairs,
            stable=False,
        ),
    )
    return Agreement(*found, table.paired, n, _label(found[0], table.paired))


def alpha(table: Ratings, level: Level = "nominal") -> float | None:
    """Krippendorff's alpha, at most 1; None when nothing is paired or all paired ratings are equal.

    Source: Krippendorff (2011), Computing alpha-reliability.
    """
    counts = table.counts
    m = counts.sum(1)
    scaled = counts * (table.weights * (m >= 2) / np.maximum(m - 1, 1))[:, None]
    return number(_alphas((scaled.T @ counts - np.diag(scaled.sum(0))).ravel(), table.values, level))


def gwet(table: Ratings, weights: Weights = "identity") -> float | None:
    """Gwet's AC1 (``identity``) or AC2 over all categories of the table, seen or not; None when nothing is paired.

    Source: Gwet (2008), Computing inter-rater reliability; (2014), Handbook, ch. 3 and 5.
    """
    return number(_gwet(_parts(table, weights).T @ table.weights, len(table.values), weights))


def raw_agreement(table: Ratings) -> float | None:
    """Share of equal ones among the pairs of ratings of a unit, averaged over units; None when nothing is paired."""
    return number(_raw(_parts(table, "identity").T @ table.weights, len(table.values)))


def nominal_alpha(units: Sequence[Sequence[Hashable]]) -> float | None:
    """Krippendorff's alpha of labels of any kind; units under two ratings do not count. None as ``alpha``."""
    return alpha(ratings(units))


def cohen_kappa(pairs: Sequence[tuple[Hashable, Hashable]]) -> float | None:
    """Cohen's kappa of two raters, -1..1; None without pairs or when chance agreement is 1. Cohen (1960)."""
    n = len(pairs)
    if not n:
        return None
    first, second = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    chance = sum(first[label] * second[label] for label in first) / n**2
    observed = sum(a == b for a, b in pairs) / n
    return (observed - chance) / (1 - chance) if chance < 1 else None


def _parts(table: Ratings, weights: Weights) -> Floats:
    """What a unit adds to the sums, [units, q * q + 3 + q]: coincidences, agreement (AC's, raw), paired, shares."""
    counts, q = table.counts, len(table.values)
    m = counts.sum(1)
    pairs = counts[:, :, None] * counts[:, None, :]
    pairs[:, range(q), range(q)] -= counts
    pairs = pairs.reshape(len(counts), q * q)
    per_rating = pairs / np.maximum(m - 1, 1)[:, None]
    per_pair = pairs / np.maximum(m * (m - 1), 1)[:, None]
    agreed = per_pair @ np.column_stack([_weights(q, weights).ravel(), np.eye(q).ravel()])
    shares = counts / np.maximum(m, 1)[:, None]
    return np.hstack([per_rating, agreed, (m >= 2)[:, None], shares])


def _weights(q: int, kind: Weights) -> Floats:
    """How much of an agreement a pair of categories is, by their places: 1 on the diagonal. Gwet (2014), ch. 3."""
    apart = np.abs(np.subtract.outer(np.arange(q), np.arange(q))).astype(np.float64)
    if kind == "identity" or q < 2:
        return np.eye(q)
    return np.asarray(1 - (apart * (apart + 1) / (q * (q - 1)) if kind == "ordinal" else apart**2 / (q - 1) ** 2))


def _alphas(sums: Floats, values: Floats, level: Level) -> Floats:
    q = len(values)
    pairs = sums[..., : q * q].reshape(*sums.shape[:-1], q, q)
    margins = pairs.sum(-1)
    total = margins.sum(-1)
    far = _distance(margins, values, level)
    observed = (pairs * far).sum((-1, -2))
    expected = (margins[..., :, None] * margins[..., None, :] * far).sum((-1, -2))  # far is 0 on the diagonal
    return 1 - over((total - 1) * observed, expected)


def _distance(margins: Floats, values: Floats, level: Level) -> Floats:
    """Squared distance of two categories, [..., q, q]; the ordinal one depends on how often each was used."""
    if level == "nominal":
        return 1 - np.eye(len(values))
    if level == "interval":
        return np.asarray(np.subtract.outer(values, values) ** 2)
    if level == "ratio":
        total = np.add.outer(values, values)
        far = np.divide(np.subtract.outer(values, values), total, out=np.zeros_like(total), where=total != 0)
        return np.asarray(far**2)
    middle = np.cumsum(margins, -1) - margins / 2
    return np.asarray((middle[..., :, None] - middle[..., None, :]) ** 2)


def _gwet(sums: Floats, q: int, weights: Weights) -> Floats:
    chance = _chance(sums, q, weights)
    return over(over(sums[..., q * q], sums[..., q * q + 2]) - chance, 1 - chance)


def _chance(sums: Floats, q: int, weights: Weights) -> Floats:
    """Gwet's agreement by chance: 1 where the scale has one category."""
    shares = sums[..., q * q + 3 :]
    pi = over(shares, shares.sum(-1, keepdims=True))
    return (pi * (1 - pi)).sum(-1) * _weights(q, weights).sum() / (q * (q - 1)) if q > 1 else np.ones(pi.shape[:-1])


def _left(whole: Floats, part: Floats) -> Floats:
    """What is left of each; nothing where it is a matter of rounding."""
    left = whole - part
    return np.asarray(np.where(left > _TINY * whole, left, 0.0))


def _raw(sums: Floats, q: int) -> Floats:
    return over(sums[..., q * q + 1], sums[..., q * q + 2])


def _why(table: Ratings, *, chance: bool = True) -> str:
    if not table.paired:
        return "no unit was rated twice"
    return "all ratings are equal" if chance else "the scale has one category only"


def _label(found: Coefficient, units: int) -> Label:
    if units < ENOUGH:
        return "insufficient"
    if found.value is None:
        return "undefined"
    if found.low is None:
        return "insufficient"
    return "reliable" if found.low >= RELIABLE else "tentative" if found.low >= TENTATIVE else "exploratory"
