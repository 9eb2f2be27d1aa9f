"""One of several was chosen: the conditional logit, fitted with a ridge. No idea what the alternatives are.

Source: McFadden (1974), "Conditional logit analysis of qualitative choice behavior".
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Features = Mapping[str, float]
Case = tuple[Sequence[Features], int]
"""(features of every alternative, which one was chosen)."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Weights on standardised features: ``p_i = exp(w·z_i) / sum_j exp(w·z_j)`` within one case."""

    mean: Mapping[str, float]
    scale: Mapping[str, float]
    weights: Mapping[str, float]

    def shares(self, alternatives: Sequence[Features]) -> list[float]:
        """Probability of each alternative, summing to 1; empty for none. A feature that is not given counts as 0."""
        if not alternatives:
            return []
        scores = [
            math.fsum(
                weight * (float(one.get(name, 0.0)) - self.mean[name]) / self.scale[name]
                for name, weight in self.weights.items()
            )
            for one in alternatives
        ]
        top = max(scores)
        grown = [math.exp(score - top) for score in scores]
        total = math.fsum(grown)
        return [value / total for value in grown]


def fit(cases: Sequence[Case], *, ridge: float) -> Choice:
    """Maximise the likelihood minus ``ridge``·|w|²/2; every case weighs once, however many alternatives it has.

    Raises:
        ValueError: without a case.
    """
    if not cases:
        raise ValueError("no case to fit on")
    import numpy as np
    from scipy.optimize import minimize

    names = sorted(cases[0][0][0])
    every = np.array([[float(one[name]) for name in names] for listed, _ in cases for one in listed])
    sizes = np.array([len(listed) for listed, _ in cases])
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    chosen = starts + np.array([place for _, place in cases])
    mean, scale = every.mean(axis=0), every.std(axis=0)
    scale[scale < 1e-9] = 1.0
    every = (every - mean) / scale
    wanted = every[chosen].sum(axis=0)

    def loss(weights: Any) -> Any:
        scores = every @ weights
        scores -= np.repeat(np.maximum.reduceat(scores, starts), sizes)
        grown = np.exp(scores)
        totals = np.add.reduceat(grown, starts)
        value = float(np.log(totals).sum() - scores[chosen].sum() + ridge * (weights @ weights) / 2)
        return value, (grown / np.repeat(totals, sizes)) @ every - wanted + ridge * weights

    found = minimize(loss, np.zeros(len(names)), jac=True, method="L-BFGS-B").x
    return Choice(
        mean=dict(zip(names, mean.tolist(), strict=True)),
        scale=dict(zip(names, scale.tolist(), strict=True)),
        weights=dict(zip(names, found.tolist(), strict=True)),
    )


def log_likelihood(model: Choice, cases: Sequence[Case]) -> float:
    """Sum of the logarithms of the shares of what was chosen; 0 at best."""
    return math.fsum(math.log(max(model.shares(listed)[chosen], 1e-300)) for listed, chosen in cases)
