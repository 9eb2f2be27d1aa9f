"""What the units that people saw say of all: Hájek's mean and the difference estimator, with slices.

The inclusion probability of every unit is known, so the variance is that of the draw and speaks of this frame. There is
no plain mean here: what was drawn by risk is not like the rest.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from traceeval.measures.interval import t975

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
ENOUGH = 30


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """What was drawn and answered, one element a unit.

    ``y``: what people found; ``pi``: inclusion probability; ``score``: known of every unit before the draw;
    ``applies``: 0 where the question does not arise, and then ``y`` is 0.
    """

    y: Floats
    pi: Floats
    score: Floats
    applies: Floats

    @property
    def shares(self) -> Floats:
        """What a unit adds to the variance, per squared residual; 0 for one that was drawn for certain."""
        return (1 - self.pi) / self.pi**2


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over the frame with its 95 % interval, from ``n`` units: Student's t at their effective number.

    ``effective``: how many sampled units (pi < 1) of equal weight would do as well, 0 when none was sampled;
    ``largest``: the largest weight 1/pi; ``slope`` of the score, None when it was not used; ``enough``: at least 30
    effective units, or nothing left to chance. What is not enough is shown and never gates.
    """

    value: float
    low: float
    high: float
    n: int
    effective: float
    largest: float
    enough: bool
    slope: float | None = None


@dataclass(frozen=True, slots=True)
class Fit:
    """A line ``intercept + slope * score``, fitted on ``n`` sampled units."""

    intercept: float
    slope: float
    n: int


def sample(
    y: npt.ArrayLike, pi: npt.ArrayLike, score: npt.ArrayLike | None = None, applies: npt.ArrayLike | None = None
) -> Sample:
    """Units as arrays. ``score`` None: nothing was known before; ``applies`` None: the question arises everywhere.

    Raises:
        ValueError: lengths differ, or a probability is not in (0, 1].
    """
    values, chances = np.asarray(y, dtype=np.float64), np.asarray(pi, dtype=np.float64)
    known = np.zeros(len(values)) if score is None else np.asarray(score, dtype=np.float64)
    there = np.ones(len(values)) if applies is None else np.asarray(applies, dtype=np.float64)
    if not len(values) == len(chances) == len(known) == len(there):
        raise ValueError("every unit has a finding, a probability and a score")
    if len(chances) and not ((chances > 0) & (chances <= 1)).all():
        raise ValueError("an inclusion probability is in (0, 1]")
    return Sample(values * there, chances, known, there)


def hajek(units: Sample) -> Estimate | None:
    """Mean with weights 1/pi; None when nothing was drawn to which the question applies. Source: Hájek (1971)."""
    total = float((units.applies / units.pi).sum())
    if total <= 0:
        return None
    value = float((units.y / units.pi).sum()) / total
    variance = float((units.shares * (units.y - value * units.applies) ** 2).sum()) / total**2
    return _estimate(value, variance, units)


def fit(y: Floats, units: Sample) -> Fit | None:
    """The line that leaves the least variance: least squares with weights (1 - pi) / pi²; None under 3 sampled units."""
    weights = units.shares
    n, total = int((weights > 0).sum()), float(weights.sum())
    if n < 3:
        return None
    mean_x, mean_y = float((weights * units.score).sum()) / total, float((weights * y).sum()) / total
    spread = float((weights * (units.score - mean_x) ** 2).sum())
    both = float((weights * (units.score - mean_x) * (y - mean_y)).sum())
    slope = both / spread if spread > 1e-12 * total else 0.0
    return Fit(mean_y - slope * mean_x, slope, n)


def difference(units: Sample, size: int, mean_score: float, *, inside: Mask | None = None) -> Estimate | None:
    """The frame's mean of a fitted score plus the weighted residuals of what was drawn.

    ``size`` and ``mean_score``: of the frame, or of the slice when ``inside`` says which drawn units are in it: the
    line is fitted on all, because a refit inside a small slice covers too seldom. A useless score costs nothing. None
    under 3 sampled units, or where the question applies to nothing. Where it does not apply everywhere it is the ratio
    of two such totals. Source: Särndal, Swensson & Wretman (1992), sections 5.6 and 6.3 to 6.6.
    """
    line, reach = fit(units.y, units), fit(units.applies, units)
    if line is None or reach is None or not size:
        return None
    chosen = np.ones(len(units.y)) if inside is None else np.asarray(inside, dtype=np.float64)
    everywhere = bool((units.applies == 1).all())
    left = units.y - line.intercept - line.slope * units.score
    value = _total(line, left, chosen, units, size, mean_score)
    whole = 1.0
    if not everywhere:
        gone = units.applies - reach.intercept - reach.slope * units.score
        whole = _total(reach, gone, chosen, units, size, mean_score)
        if whole <= 0 or not (units.applies * chosen).any():
            return None
        left = left - value / whole * gone
    variance = float((units.shares * chosen * left**2).sum()) * line.n / max(line.n - 2, 1) / (size * whole) ** 2
    part = units if inside is None else only(units, inside)
    return None if not len(part.y) else _estimate(value / whole, variance, part, line.slope, of=_effective(units))


def only(units: Sample, inside: Mask) -> Sample:
    """The units of a slice."""
    return Sample(units.y[inside], units.pi[inside], units.score[inside], units.applies[inside])


def clipped(found: Estimate, least: float, most: float) -> Estimate:
    """The same with its interval cut to the values there are."""
    return replace(found, low=max(least, found.low), high=min(most, found.high))


def _total(line: Fit, left: Floats, chosen: Floats, units: Sample, size: int, mean_score: float) -> float:
    """The mean over a frame or slice of ``size`` units."""
    return line.intercept + line.slope * mean_score + float((chosen * left / units.pi).sum()) / size


def _effective(units: Sample) -> float:
    shares = units.shares * (units.applies > 0)
    total = float(shares.sum())
    return total**2 / float((shares**2).sum()) if total else 0.0


def _estimate(
    value: float, variance: float, units: Sample, slope: float | None = None, *, of: float | None = None
) -> Estimate:
    """``of``: the effective number of what the line was fitted on, where that is more than the units."""
    effective = _effective(units)
    half = t975(max(1, round(effective if of is None else of) - 2)) * math.sqrt(max(variance, 0.0))
    return Estimate(
        value=value,
        low=value - half,
        high=value + half,
        n=int((units.applies > 0).sum()),
        effective=effective,
        largest=float((1 / units.pi).max()),
        enough=effective >= ENOUGH or not (units.shares > 0).any(),
        slope=slope,
    )
