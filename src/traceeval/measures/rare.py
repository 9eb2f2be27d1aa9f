"""Alpha's interval where one answer is rare: what is known of it rests on the few scenarios in which anybody gave it.

A flag raised on two of forty items tells how two items were judged, whatever was agreed of the others: redrawing the
forty, or leaving each out, covers too seldom. Where two answers were given, alpha is a function of how often the rarer
one is shared once somebody gives it, and of how rare it is; the first has an exact interval given how many scenarios
hold it, the second hardly matters.
"""

from __future__ import annotations

import math

import numpy as np

from traceeval.measures.ratings import Floats
from traceeval.measures.resampling import TAIL, Coefficient

HOLDERS, SHARERS = 5, 8
_TINY = 1e-12
_HALVINGS = 50


def too_few(pairs: Floats) -> str:
    """Why there is no interval of alpha, and from how many scenarios there would be one; empty where there may be one.

    ``pairs``: coincidences of each scenario, [scenarios, q, q]. Under five scenarios hold anything but the commonest answer.
    """
    common = int(pairs.sum((0, 1)).argmax())
    whole = pairs.sum((1, 2))
    held = int((whole - pairs[:, common, common] > _TINY * whole).sum())
    paired = int((whole > 0).sum())
    if not 0 < held < HOLDERS:
        return ""
    need = math.ceil(HOLDERS * paired / held)
    return f"{held} of {paired} scenarios hold a rarer answer: no interval under {HOLDERS}, so about {need} are needed"


def of_two(alpha: Coefficient, pairs: Floats) -> Coefficient | None:
    """Alpha with the interval of an exact test; None where more or fewer than two answers were given, or neither is rare.

    ``pairs``: as above. It is rare where under 8 scenarios differ on it, or under 16 hold it. Of them, the share in
    which it is shared has a mid-p interval; scenarios of unequal weight count as Kish's effective number, and one in
    which some of the ratings share it counts as one in which they do in part. Two answers have one distance, so alpha
    is of any level.
    Sources: Clopper & Pearson (1934); Lancaster (1961) and Berry & Armitage (1995) for mid-p; Kish (1965), 8.2.
    """
    margins = pairs.sum((0, 1))
    given = np.flatnonzero(margins)
    if len(given) != 2:
        return None
    rare, common = given[np.argsort(margins[given], kind="stable")]
    differ = 2 * pairs[:, rare, common]
    held = pairs[:, rare, rare] + differ
    if (differ > 0).sum() >= SHARERS and (held > 0).sum() >= 2 * SHARERS:
        return None
    size = float(held.sum() ** 2 / (held**2).sum())
    shared = mid_p(float(1 - differ.sum() / held.sum()) * size, size)
    low, high = 1 - (1 - shared) / (1 + shared) * (margins.sum() - 1) / margins[common]
    return Coefficient(alpha.value, float(low), float(high))


def mid_p(hits: float, n: float) -> Floats:
    """The 95 % mid-p interval of a share, [2]; whole numbers are not needed. ``mid_p(0, 3)`` is 0 to .632."""
    from scipy.special import betainc

    low, high = np.zeros(2), np.ones(2)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        at_least = betainc(max(hits, _TINY), n - hits + 1, middle)
        more = betainc(hits + 1, max(n - hits, _TINY), middle)
        under = (at_least + more) / 2 < (TAIL, 1 - TAIL)
        low, high = np.where(under, middle, low), np.where(under, high, middle)
    return np.asarray((low + high) / 2)
