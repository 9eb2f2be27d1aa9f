"""From a support score to a probability, and whether probabilities can be believed (faithfulness.md section 7)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

Pairs = Sequence[tuple[float, bool]]
"""(score or probability in 0..1, whether it was so)."""

ENOUGH = 50
BINS, SMALLEST = 10, 5


@dataclass(frozen=True, slots=True)
class Platt:
    """``p = sigmoid(a·z + b)`` with ``z = 6s − 3``: two numbers."""

    a: float
    b: float

    def __call__(self, score: float) -> float:
        """Probability of support, 0..1, of a support score 0..1."""
        return _sigmoid(self.a * (6 * score - 3) + self.b)


def fit(pairs: Pairs) -> Platt:
    """Minimise summed log loss + a²/2 (b is free). Source: Platt (1999), ridge on the slope alone.

    Raises:
        ValueError: a class is missing.
    """
    if len({label for _, label in pairs}) < 2:
        raise ValueError("labels of both classes are needed")
    import numpy as np
    from scipy.optimize import minimize

    z = np.array([6 * score - 3 for score, _ in pairs])
    sign = np.array([1.0 if label else -1.0 for _, label in pairs])

    def loss(at: Any) -> float:
        return float(np.logaddexp(0, -sign * (at[0] * z + at[1])).sum() + at[0] ** 2 / 2)

    a, b = minimize(loss, np.array([1.0, 0.0]), method="BFGS").x
    return Platt(float(a), float(b))


def left_out(pairs: Pairs) -> list[tuple[float, bool]]:
    """(probability, label) of every pair by a fit on all others; a fit that would lack a class keeps the pair out."""
    rest = ([*pairs[:at], *pairs[at + 1 :]] for at in range(len(pairs)))
    held = zip(pairs, rest, strict=True)
    return [(fit(others)(score), label) for (score, label), others in held if len({one for _, one in others}) == 2]


def _sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))


def brier(pairs: Pairs) -> float | None:
    """Mean squared distance of probability and outcome, 0..1, lower is better; None without pairs. Brier (1950)."""
    return math.fsum((p - label) ** 2 for p, label in pairs) / len(pairs) if pairs else None


def bins(pairs: Pairs, *, most: int = BINS, smallest: int = SMALLEST) -> list[list[tuple[float, bool]]]:
    """Bins of about equal mass, at most ``most``, none under ``smallest`` pairs; equal probabilities stay together."""
    ordered = sorted(pairs, key=lambda pair: pair[0])
    size = max(smallest, math.ceil(len(ordered) / most))
    found: list[list[tuple[float, bool]]] = []
    for pair in ordered:
        if not found or (len(found[-1]) >= size and found[-1][-1][0] != pair[0]):
            found.append([])
        found[-1].append(pair)
    if len(found) > 1 and len(found[-1]) < smallest:
        last = found.pop()
        found[-1] += last
    return found


def ece(pairs: Pairs, *, enough: int = ENOUGH, most: int = BINS, smallest: int = SMALLEST) -> float | None:
    """Expected calibration error, 0..1, lower is better; None under ``enough`` pairs. Guo et al. (2017)."""
    if len(pairs) < enough:
        return None
    return math.fsum(
        abs(math.fsum(p for p, _ in one) - sum(label for _, label in one))
        for one in bins(pairs, most=most, smallest=smallest)
    ) / len(pairs)
