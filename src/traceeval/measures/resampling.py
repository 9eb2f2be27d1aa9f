"""Intervals over scenarios of any statistic that is a function of sums: by leaving each out, or by drawing them anew."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from traceeval.measures.ratings import Floats, Ratings

DRAWS = 1000
TAIL = 0.025


@dataclass(frozen=True, slots=True)
class Coefficient:
    """A statistic with its 95 % interval. ``value`` None: undefined, and ``why`` says so; ``low`` None: no interval."""

    value: float | None
    low: float | None = None
    high: float | None = None
    why: str = ""


def summed(parts: Floats, table: Ratings) -> Floats:
    """Weighted sums by scenario, [scenarios, columns]."""
    sums = np.zeros((int(table.clusters.max(initial=-1)) + 1, parts.shape[1]))
    np.add.at(sums, table.clusters, parts * table.weights[:, None])
    return sums


def drawn(by_cluster: Floats, draws: int, seed: int) -> Floats:
    """Sums of ``draws`` draws of as many scenarios as there are, with replacement; none under two.

    Scenarios that add the same are drawn as one kind: how often a kind is drawn is multinomial too.
    """
    n = len(by_cluster)
    if n < 2:
        return np.zeros((0, by_cluster.shape[1]))
    kinds, times = np.unique(by_cluster, axis=0, return_counts=True)
    return np.asarray(np.random.default_rng(seed).multinomial(n, times / n, size=draws) @ kinds)


def stabilised(point: Floats, without: Floats) -> Coefficient | None:
    """A coefficient in (-1, 1) with Student's interval on Fisher's z; ``without``: it without each scenario.

    The deviation is the jackknife's (Tukey 1958). None where z is infinite or undefined for any of them.
    """
    n = len(without)
    if n < 2 or not (np.abs(np.append(without, point)) < 1).all():
        return None
    from scipy.special import stdtrit

    z = np.arctanh(without)
    reach = float(-stdtrit(n - 1, TAIL)) * np.sqrt((n - 1) / n * ((z - z.mean()) ** 2).sum())
    low, high = np.tanh(np.arctanh(point) - reach), np.tanh(np.arctanh(point) + reach)
    return Coefficient(float(point), float(low), float(high))


def coefficient(point: Floats, drawn: Floats, without: Floats | None, why: str) -> Coefficient:
    """A point with its interval; draws on which it is undefined are left out. ``without``: it without each scenario."""
    value, usable = number(point), drawn[~np.isnan(drawn)]
    if value is None:
        return Coefficient(None, why=why)
    if not usable.size:
        return Coefficient(value, why="one scenario only: no interval")
    tails = np.array([TAIL, 1 - TAIL])
    if without is not None:
        tails = _corrected(tails, (usable < value).mean() / 2 + (usable <= value).mean() / 2, without)
    low, high = np.quantile(usable, tails)
    return Coefficient(value, float(low), float(high))


def _corrected(tails: Floats, below: float, without: Floats) -> Floats:
    """Tails corrected for bias and acceleration; as they are where all draws lie on one side, or nothing varies."""
    from scipy.special import ndtr, ndtri

    known = without[~np.isnan(without)]
    if not 0 < below < 1 or not known.size or np.ptp(known) <= 0:
        return tails
    pulls = known.mean() - known
    spread = float((pulls**2).sum())
    bias, acceleration = ndtri(below), float((pulls**3).sum()) / (6 * spread**1.5)
    moved = bias + ndtri(tails)
    return np.asarray(ndtr(bias + moved / (1 - acceleration * moved)))


def over(top: Floats, bottom: Floats) -> Floats:
    """Quotients; NaN, for in here only, where the denominator is 0."""
    top, bottom = np.asarray(top, dtype=np.float64), np.asarray(bottom, dtype=np.float64)
    shape = np.broadcast_shapes(top.shape, bottom.shape)
    return np.asarray(np.divide(top, bottom, out=np.full(shape, np.nan), where=bottom > 0))


def number(value: Floats) -> float | None:
    """One statistic as a plain number; None where it is undefined."""
    return None if np.isnan(value) else float(value)
