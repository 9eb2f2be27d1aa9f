"""A logistic whose weights are never negative: more of a feature never lowers the probability."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Row = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Monotone:
    """``p = sigmoid(intercept + sum of weight · feature)``; a feature that is not given counts as 0."""

    intercept: float
    weights: Mapping[str, float]

    def logit(self, row: Row) -> float:
        """Log-odds of one row."""
        return self.intercept + math.fsum(weight * row.get(name, 0.0) for name, weight in self.weights.items())

    def __call__(self, row: Row) -> float:
        """Probability of one row, 0..1."""
        return sigmoid(self.logit(row))


def sigmoid(x: float) -> float:
    """Log-odds to probability, without overflow."""
    return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))


def fit_monotone(
    rows: Sequence[Row],
    labels: Sequence[bool],
    *,
    prior: Mapping[str, float],
    ridge: float = 1.0,
    times: Sequence[float] | None = None,
) -> Monotone:
    """Minimise summed log loss + ``ridge``·|w − prior|²/2 over w >= 0; the intercept is free.

    Features are the keys of ``prior``: without evidence a weight stays what it was believed to be. ``times``: how many
    rows each row stands for, one unless said; they are scaled to the number of rows.

    Raises:
        ValueError: a class is missing, or rows and labels differ in number.
    """
    if len(rows) != len(labels):
        raise ValueError(f"{len(rows)} rows and {len(labels)} labels")
    if len(set(labels)) < 2:
        raise ValueError("labels of both classes are needed")
    import numpy as np
    from scipy.optimize import minimize

    names = sorted(prior)
    table = np.array([[row.get(name, 0.0) for name in names] for row in rows])
    believed = np.array([max(prior[name], 0.0) for name in names])
    counts = np.ones(len(rows)) if times is None else np.array(times) * len(rows) / sum(times)
    sign = np.where(np.array(labels, dtype=bool), 1.0, -1.0)

    def loss(at: np.ndarray) -> tuple[float, np.ndarray]:
        z = sign * (at[0] + table @ at[1:])
        away = at[1:] - believed
        pull = -counts * sign / (1 + np.exp(np.clip(z, -500, 500)))
        slope = np.concatenate([[pull.sum()], table.T @ pull + ridge * away])
        return float((counts * np.logaddexp(0, -z)).sum() + ridge * (away @ away) / 2), slope

    start = np.concatenate([[0.0], believed])
    bounds = [(None, None), *((0.0, None) for _ in names)]
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds).x
    return Monotone(float(found[0]), dict(zip(names, found[1:].tolist(), strict=True)))
