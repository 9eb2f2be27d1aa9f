"""Who is drawn, with which probability: permanent random numbers and the plan of review.md section 6."""

from __future__ import annotations

import hmac
import math
from collections.abc import Iterable, Sequence
from hashlib import sha256

FLOOR = 0.2
MUST_SEE = 0.5


def permanent_number(seed: str, subject: str) -> float:
    """A number in [0, 1) that belongs to a subject for ever: free of order, the same for the same seed.

    Source: Ohlsson (1995), permanent random numbers; HMAC-SHA256 over the subject's digest.
    """
    digest = hmac.digest(seed.encode(), subject.encode(), sha256)
    return (int.from_bytes(digest[:8], "big") >> 11) / 2**53


def inclusion(interest: Sequence[float], budget: float, *, floor: float = FLOOR) -> list[float]:
    """Inclusion probabilities that add up to ``budget``, the more interesting a unit the larger.

    ``min(1, c * (floor / n + (1 - floor) * interest / total))``, with ``c`` such that they add up: so none falls when
    the budget grows. The floor reaches units that no signal points at, and bounds weights. All 1 when the budget is for
    all; even shares when nothing is of interest. Source: Särndal, Swensson & Wretman (1992), section 3.6.

    Raises:
        ValueError: a negative interest or budget, or a floor outside (0, 1].
    """
    return _scaled(_shares(interest, floor), budget)


def plan(interest: Sequence[float], must_see: Sequence[bool], budget: float, *, floor: float = FLOOR) -> list[float]:
    """Inclusion probabilities of a frame: what must be seen for certain, the rest of the budget by interest.

    Where the must-see would take more than half of the budget, half is drawn among them and the other half from all:
    they are never dropped silently, and no plan sees nothing else. They add up to ``budget``, none falls when it grows.

    Raises:
        ValueError: as ``inclusion``.
    """
    rest = iter(_shares([one for one, must in zip(interest, must_see, strict=True) if not must], floor))
    n, first = len(must_see), sum(must_see)
    if not first:
        return _scaled(list(rest), budget)
    of_must_see, general = MUST_SEE / first + (1 - MUST_SEE) / n, (1 - MUST_SEE) * (n - first) / n
    return _scaled([of_must_see if must else general * next(rest) for must in must_see], budget)


def _shares(interest: Sequence[float], floor: float) -> list[float]:
    """Each unit's part of a budget: the floor evenly, the rest by interest. They add up to 1."""
    n, total = len(interest), math.fsum(interest)
    if not 0 < floor <= 1 or any(one < 0 for one in interest):
        raise ValueError(f"interest is 0 or more, and the floor ({floor}) in (0, 1]")
    return [floor / n + (1 - floor) * one / total if total > 0 else 1 / n for one in interest]


def _scaled(shares: Sequence[float], budget: float) -> list[float]:
    """Shares times the one number at which, cut to 1, they add up to the budget."""
    import numpy as np

    if budget < 0:
        raise ValueError(f"a budget is 0 or more, not {budget}")
    if budget >= len(shares):
        return [1.0] * len(shares)
    share, certain = np.asarray(shares, dtype=np.float64), np.zeros(len(shares), dtype=bool)
    while True:
        scale = (budget - certain.sum()) / share[~certain].sum()
        more = ~certain & (share * scale >= 1)
        if not more.any():
            return [float(one) for one in np.where(certain, 1.0, share * scale)]
        certain |= more


def closed_until(waiting: Iterable[float]) -> float:
    """How far work has come: the smallest u/pi among drawn units that are still open; 1 when none is.

    Units below it are a sample of their own with inclusion probability ``min(1, pi * t)``, because work is done in the
    order of u/pi. Source: Duffield, Lund & Thorup (2007), priority sampling.
    """
    return min(waiting, default=1.0)


def evenly(n: int, count: int) -> list[int]:
    """``count`` of ``n`` places that lie evenly: the middles of as many equal parts. ``evenly(9, 3)`` is [1, 4, 7]."""
    return [(2 * seat + 1) * n // (2 * count) for seat in range(count)]
