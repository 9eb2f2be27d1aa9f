"""Who is drawn, with which probability, and what the drawn ones say of all: permanent random numbers and estimators."""

from __future__ import annotations

import hmac
import math
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from traceeval.measures.interval import Z95


def permanent_number(seed: str, subject: str) -> float:
    """A number in [0, 1) that belongs to a subject for ever: free of order, the same for the same seed.

    Source: Ohlsson (1995), permanent random numbers; HMAC-SHA256 over the subject's digest.
    """
    digest = hmac.digest(seed.encode(), subject.encode(), sha256)
    return (int.from_bytes(digest[:8], "big") >> 11) / 2**53


@dataclass(frozen=True, slots=True)
class Drawn:
    """A drawn unit: what people found (``y``), its inclusion probability, and a score frozen at the draw."""

    y: float
    pi: float
    score: float | None = None


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over the frame with its 95 % interval, from ``n`` drawn units.

    ``effective``: how many sampled units (pi < 1) of equal weight would do as well, 0 when none was sampled;
    ``largest``: the largest weight 1/pi; ``slope`` of the score, None when it was not used.
    """

    value: float
    low: float
    high: float
    n: int
    effective: float
    largest: float
    slope: float | None = None


def hajek(drawn: Sequence[Drawn]) -> Estimate | None:
    """Weighted mean of what was drawn, weights 1/pi; None when nothing was. Source: Hájek (1971)."""
    if not drawn:
        return None
    total = math.fsum(1 / one.pi for one in drawn)
    value = math.fsum(one.y / one.pi for one in drawn) / total
    variance = math.fsum(_share(one) * (one.y - value) ** 2 for one in drawn) / total**2
    return _estimate(value, variance, drawn)


def difference(drawn: Sequence[Drawn], frame_scores: Sequence[float]) -> Estimate | None:
    """The frame's mean of a fitted score plus the weighted residuals of what was drawn; None under 3 sampled units.

    ``theta = mean_frame f + 1/N sum (y - f)/pi`` with ``f = a + b * score`` by weighted least squares, so that a useless
    score costs nothing. Source: Särndal, Swensson & Wretman (1992), ch. 6.
    """
    sampled = [one for one in drawn if one.pi < 1]
    if len(sampled) < 3 or any(one.score is None for one in drawn):
        return None
    n = len(frame_scores)
    a, b = _line([(one.score or 0.0, one.y, _share(one)) for one in sampled])
    residuals = [(one, one.y - (a + b * (one.score or 0.0))) for one in drawn]
    value = math.fsum(a + b * score for score in frame_scores) / n
    value += math.fsum(rest / one.pi for one, rest in residuals) / n
    spread = math.fsum(_share(one) * rest * rest for one, rest in residuals)
    variance = spread * len(sampled) / (len(sampled) - 2) / n**2
    return _estimate(value, variance, drawn, b)


def _share(one: Drawn) -> float:
    """What a drawn unit adds to the variance, per squared residual; 0 for one that was drawn for certain."""
    return (1 - one.pi) / one.pi**2


def _line(points: Sequence[tuple[float, float, float]]) -> tuple[float, float]:
    """Weighted least squares of (x, y, weight): intercept and slope; slope 0 without spread in x."""
    total = math.fsum(w for _, _, w in points)
    mean_x = math.fsum(w * x for x, _, w in points) / total
    mean_y = math.fsum(w * y for _, y, w in points) / total
    spread = math.fsum(w * (x - mean_x) ** 2 for x, _, w in points)
    slope = math.fsum(w * (x - mean_x) * (y - mean_y) for x, y, w in points) / spread if spread > 0 else 0.0
    return mean_y - slope * mean_x, slope


def _estimate(value: float, variance: float, drawn: Sequence[Drawn], slope: float | None = None) -> Estimate:
    shares = [_share(one) for one in drawn]
    total = math.fsum(shares)
    effective = total**2 / math.fsum(share * share for share in shares) if total else 0.0
    half = Z95 * math.sqrt(max(variance, 0.0))
    largest = max(1 / one.pi for one in drawn)
    return Estimate(value, value - half, value + half, len(drawn), effective, largest, slope)
