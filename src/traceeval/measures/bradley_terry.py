"""One order of three or more systems from pairs of them: Bradley-Terry with ties.

Source: Davidson (1970), On extending the Bradley-Terry model to accommodate ties: the odds of win : tie : loss are
``s_i : v·sqrt(s_i·s_j) : s_j``. The likelihood has its maximum only where wins (ties count both ways) lead from every system
to every other (Ford 1957).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Strengths:
    """Log-strengths with mean 0, in the order of the table; ``ties``: v, 0 where nothing was tied."""

    values: tuple[float, ...]
    ties: float


def connected(wins: Any, ties: Any) -> bool:
    """Whether every system is reached from every other by wins and ties. Arrays [n, n]; ``wins[i, j]``: i beat j."""
    from scipy.sparse.csgraph import connected_components

    parts, _ = connected_components(wins + ties + ties.T > 0, directed=True, connection="strong")
    return bool(parts == 1)


def fit_strengths(wins: Any, ties: Any, start: Strengths | None = None) -> Strengths | None:
    """Maximum likelihood; None unless ``connected``. ``ties`` [n, n] may hold a pair on either side of the diagonal.

    ``start``: where to begin, for refits of almost the same tables.
    """
    import numpy as np
    from scipy.optimize import minimize

    if not connected(wins, ties):
        return None
    n = len(wins)
    upper = np.triu_indices(n, 1)
    won, lost = wins[upper], wins.T[upper]
    tied = (ties + ties.T)[upper]
    design = np.zeros((len(won), n))
    design[np.arange(len(won)), upper[0]], design[np.arange(len(won)), upper[1]] = 1.0, -1.0
    any_tied = tied.sum() > 0

    def loss(at: Any) -> tuple[float, Any]:
        gap = design @ at[:n] / 2
        terms = np.stack([gap, np.full_like(gap, at[n] if any_tied else -np.inf), -gap])
        log_total = np.logaddexp.reduce(terms)
        p = np.exp(terms - log_total)
        played = won + tied + lost
        slope = (won - lost - played * (p[0] - p[2])) / 2
        of_tie = (tied - played * p[1]).sum() if any_tied else 0.0
        told = won * gap - lost * gap + (tied * at[n] if any_tied else 0.0) - played * log_total
        anchor = at[:n].mean()
        grad = np.append(-design.T @ slope + anchor / n, -of_tie)
        return float(-told.sum() + anchor**2 / 2), grad

    begin = np.zeros(n + 1) if start is None else np.append(start.values, np.log(start.ties or 1.0))
    at = minimize(loss, begin, jac=True, method="BFGS", options={"gtol": 1e-6}).x
    centred = at[:n] - at[:n].mean()
    return Strengths(tuple(float(value) for value in centred), float(np.exp(at[n])) if any_tied else 0.0)
