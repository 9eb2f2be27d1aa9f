"""Intervals where a coefficient rests on few scenarios: by exact tests of those few.

A flag raised on two of forty items tells how two items were judged, whatever was agreed of the others; three pairs of
marks that lie one apart do not tell that none would lie four apart. Redrawing the forty, or leaving each out, knows
only what was seen, and covers too seldom. What chance would give hardly varies beside that.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from traceeval.measures.ratings import Floats
from traceeval.measures.resampling import TAIL, Coefficient

HOLDERS, SHARERS = 5, 8
_TINY = 1e-12
_HALVINGS = 50


def commonest(pairs: Floats) -> int:
    """The place of the answer given most often. ``pairs``: how often two answers met in each scenario, [scenarios, q, q]."""
    return int((pairs.sum((0, 1)) + pairs.sum((0, 2))).argmax())


def holding(pairs: Floats) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """In which scenarios anybody gave anything but the commonest answer, [scenarios]."""
    common, whole = commonest(pairs), pairs.sum((1, 2))
    return np.asarray(whole - pairs[:, common, common] > _TINY * whole)


def crowded(pairs: Floats) -> bool:
    """Whether more than half of the scenarios hold nothing but the commonest answer."""
    return bool(2 * holding(pairs).sum() < (pairs.sum((1, 2)) > 0).sum())


def too_few(pairs: Floats) -> str:
    """Why there is no interval of alpha or kappa, and from how many scenarios there would be one; empty where there may be.

    Under five scenarios hold anything but the commonest answer.
    """
    held, paired = int(holding(pairs).sum()), int((pairs.sum((1, 2)) > 0).sum())
    if not 0 < held < HOLDERS:
        return ""
    need = math.ceil(HOLDERS * paired / held)
    return f"{held} of {paired} scenarios hold a rarer answer: no interval under {HOLDERS}, so about {need} are needed"


def usual(amounts: Floats) -> float:
    """The mean of amounts, each as often as it is large: what a part of their sum belongs to, on average; 0 of none."""
    return float((amounts**2).sum() / amounts.sum()) if amounts.any() else 0.0


def shared(value: float, pairs: Floats, far: Floats, unit: float) -> Coefficient | None:
    """Alpha or kappa by how far the rarer answers are shared once somebody gives them; None where they are not rare.

    ``far``: the squared distance of two answers, [q, q]; ``unit``: how often answers meet in a unit as heavy as usual.
    Of what lies between the raters and the commonest answer, part is common to both: with ``to`` the distance to it,
    (to(a) + to(b) - far(a, b)) / 2 of (to(a) + to(b) + far(a, b)) / 2.
    Of two answers that is how often the rarer is shared where it is held. The share has a mid-p interval, of as many
    scenarios as would tell as much if each told the same (Kish); it reckons with one more, as heavy as usual: at the upper
    end one that shares the farthest answer. Rare: fewer than 8 such scenarios differ, or 16 hold it, of usual weight.
    Sources: Clopper & Pearson (1934); Lancaster (1961) and Berry & Armitage (1995) for mid-p; Kish (1965), 8.2.
    """
    common = commonest(pairs)
    to = far[common]
    apart = (pairs * far).sum((1, 2))
    held = (pairs * (to[:, None] + to + far)).sum((1, 2)) / 2
    rarer = usual(pairs.sum((1, 2)) - pairs[:, common, common])
    heavier = max(unit / rarer, 1.0)
    if _alike(apart)[0] >= SHARERS * heavier and _alike(held)[0] >= 2 * SHARERS * heavier:
        return None
    missed, whole = apart.sum(), held.sum()
    chance = (1 - value) * (2 * whole - missed) / missed
    parted, united = usual(held) * heavier, to.max() * rarer * heavier
    ends = _ends([_with_one_more(held, missed + parted, parted), _with_one_more(held, missed, united)])
    low, high = 1 - chance * (1 - ends) / (1 + ends)
    return Coefficient(value, min(float(low), value), max(float(high), value))


def _with_one_more(held: Floats, missed: float, more: float) -> tuple[float, float, float]:
    """The beta distribution of the share that is not ``missed`` of what is ``held`` and ``more``."""
    size, part = _alike(np.append(held, more))[0], missed / (held.sum() + more)
    return (1 - part) * size, part * size, 1.0


def total(found: Floats, more: float) -> Floats:
    """The 95 % interval of what scenarios like these amount to together, [2], where hardly any amounts to anything.

    ``found``: what each amounts to; ``more``: what one that was not seen may. As Fay & Feuer's for weighted events, the upper
    end is that of one more, as wide as ``more``; mid-p, and binomial: at most all scenarios. Where none amounts to
    anything it is Clopper & Pearson's, and never less where one does.
    Sources: Fay & Feuer (1997); Fay & Kim (2017), mid-p for it; Clopper & Pearson (1934).
    """
    n = len(found)
    least = n * more * (1 - TAIL ** (1 / n))
    if not found.any():
        return np.array([0.0, least])
    cases = [_alike(one) for one in (found, np.append(found, more))]
    low, high = n * _ends([(hits, n - hits + 1, amount) for hits, amount in cases])
    return np.array([low, max(high, least)])


def mid_p(hits: float, n: float) -> Floats:
    """The 95 % mid-p interval of a share, [2]; whole numbers are not needed. ``mid_p(0, 3)`` is 0 to .632."""
    return _ends([(hits, n - hits + 1, 1.0), (hits + 1, n - hits, 1.0)])


def _alike(amounts: Floats) -> tuple[float, float]:
    """How many of equal amount would tell as much, and that amount."""
    return float(amounts.sum()) / usual(amounts), usual(amounts)


def _ends(cases: Sequence[tuple[float, float, float]]) -> Floats:
    """Where the mean of beta distributions has its tails, [2]: of so many hits and misses, stretched to so much."""
    from scipy.special import betainc

    low, high = np.zeros(2), np.full(2, max(size for *_, size in cases))
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        below = [
            betainc(max(hits, _TINY), max(misses, _TINY), np.minimum(middle / size, 1)) for hits, misses, size in cases
        ]
        under = np.mean(below, axis=0) < (TAIL, 1 - TAIL)
        low, high = np.where(under, middle, low), np.where(under, high, middle)
    return np.asarray((low + high) / 2)
