"""Who is drawn, with which probability: permanent random numbers and the plan of review.md section 6."""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Sequence
from hashlib import sha256

FLOOR = 0.2
MOST_MUST_SEE = 0.5


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
    import numpy as np

    u = np.asarray(interest, dtype=np.float64)
    if budget < 0 or not 0 < floor <= 1 or (u < 0).any():
        raise ValueError(f"interest and budget ({budget}) are 0 or more, the floor ({floor}) is in (0, 1]")
    n, total = len(u), float(u.sum())
    if budget >= n:
        return [1.0] * n
    share = np.full(n, 1 / n) if total <= 0 else floor / n + (1 - floor) * u / total
    certain = np.zeros(n, dtype=bool)
    while True:
        scale = (budget - certain.sum()) / share[~certain].sum()
        more = ~certain & (share * scale >= 1)
        if not more.any():
            return [float(one) for one in np.where(certain, 1.0, share * scale)]
        certain |= more


def plan(interest: Sequence[float], must_see: Sequence[bool], budget: float, *, floor: float = FLOOR) -> list[float]:
    """Inclusion probabilities of a frame: what must be seen for certain, the rest of the budget by interest.

    Where the must-see would take more than half of the budget they get half (more when the others need less), drawn
    among themselves by interest: never dropped silently, and never a plan that sees nothing else.

    Raises:
        ValueError: as ``inclusion``.
    """
    first = [one for one, must in zip(interest, must_see, strict=True) if must]
    rest = [one for one, must in zip(interest, must_see, strict=True) if not must]
    share = min(len(first), max(budget * MOST_MUST_SEE, budget - len(rest)))
    inside, outside = iter(inclusion(first, share, floor=floor)), iter(inclusion(rest, budget - share, floor=floor))
    return [next(inside) if must else next(outside) for must in must_see]


def closed_until(waiting: Iterable[float]) -> float:
    """How far work has come: the smallest u/pi among drawn units that are still open; 1 when none is.

    Units below it are a sample of their own with inclusion probability ``min(1, pi * t)``, because work is done in the
    order of u/pi. Source: Duffield, Lund & Thorup (2007), priority sampling.
    """
    return min(waiting, default=1.0)
