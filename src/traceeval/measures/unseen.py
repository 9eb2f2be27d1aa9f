"""How much harm there may be among what nobody looked at: for rare harm, unequal probabilities, and none found at all.

The interval of Fay & Feuer (1997) for weighted sums of rare events: exact for equal weights, and as wide as if what was
missed hid where people look least. Zero found is no zero: it is 3 over the least probability.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
ALPHA = 0.05


@dataclass(frozen=True, slots=True)
class Unseen:
    """With 95 % confidence at most ``most`` of ``units`` that nobody reviewed are harmful: at most ``rate`` of them.

    ``halved_by``: about how many further reviews would halve ``most`` if they find no more harm, spent on the units that
    were least likely to be drawn; 0 when there is nothing to halve.
    """

    units: int
    most: float
    rate: float
    halved_by: int


def unseen(
    pi: npt.ArrayLike, harmful: Sequence[float], undecided: Sequence[float] = (), *, reviewed: int, alpha: float = ALPHA
) -> Unseen:
    """The bound for a Poisson draw.

    ``pi``: inclusion probabilities of the whole frame; ``harmful``: of those found harmful; ``undecided``: of those
    drawn and never decided, which may all be harmful; ``reviewed``: how many were decided.
    """
    chances = np.asarray(pi, dtype=np.float64)
    found, open_ = np.asarray(harmful, dtype=np.float64), np.asarray(undecided, dtype=np.float64)
    units = len(chances) - reviewed
    most = min(_most(chances, found, open_, alpha), float(units))
    reviews = _halved_by(chances, found, open_, most / 2, alpha) if most > 0 else 0
    return Unseen(units, most, most / units if units else 0.0, reviews)


def _most(pi: Floats, found: Floats, undecided: Floats, alpha: float) -> float:
    """The most harmful units that were not found. Units drawn for certain hide none but the undecided."""
    from scipy.special import gammaincinv

    sampled, certain = pi[pi < 1], int((undecided >= 1).sum())
    if not sampled.size:
        return float(certain)
    if not sampled.min():  # of a stratum nothing is closed yet
        return math.inf
    weights, widest = 1 / np.concatenate([found[found < 1], undecided[undecided < 1]]), 1 / float(sampled.min())
    mean, variance = float(weights.sum()) + widest, float((weights**2).sum()) + widest**2
    total = float(gammaincinv(mean**2 / variance, 1 - alpha)) * variance / mean
    return total - int((found < 1).sum()) + certain


def _halved_by(pi: Floats, found: Floats, undecided: Floats, target: float, alpha: float) -> int:
    """Further reviews, in expectation, until no unit is looked at less than some level, and ``target`` holds."""
    low, high = float(pi.min()), 1.0
    for _ in range(40):
        middle = (low + high) / 2
        raised = _most(np.maximum(pi, middle), np.maximum(found, middle), np.maximum(undecided, middle), alpha)
        low, high = (low, middle) if raised <= target else (middle, high)
    more = np.maximum(pi, high) - pi
    return math.ceil(float((more[pi < 1] / (1 - pi[pi < 1])).sum()))


def mean_of_few(
    y: npt.ArrayLike, pi: npt.ArrayLike, frame_pi: npt.ArrayLike, values: tuple[float, float], *, fewer_than: int = 5
) -> tuple[float, float] | None:
    """95 % bounds of the frame's mean where hardly anything varies; None where enough does for a normal interval.

    When fewer than 5 sampled units differ from the usual finding, a variance says little, and nothing when none does.
    The bounds: of the unreviewed units at most ``most`` (at 97.5 %) differ, each by as much as ``values`` allow.
    """
    findings, chances = np.asarray(y, dtype=np.float64), np.asarray(pi, dtype=np.float64)
    size = len(np.asarray(frame_pi))
    sampled = findings[chances < 1]
    if not sampled.size:
        return None
    seen, times = np.unique(sampled, return_counts=True)
    usual = float(seen[times.argmax()])
    differ = (findings != usual) & (chances < 1)
    if int(differ.sum()) >= fewer_than:
        return None
    left = unseen(frame_pi, chances[differ].tolist(), reviewed=len(findings), alpha=ALPHA / 2)
    centre = (float(findings.sum()) + usual * left.units) / size
    return centre - (usual - values[0]) * left.most / size, centre + (values[1] - usual) * left.most / size
