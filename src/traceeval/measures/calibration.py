"""From a support score to a probability, and whether probabilities can be believed (faithfulness.md section 7)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

Pairs = Sequence[tuple[float, bool]]
"""(score or probability in 0..1, whether it was so)."""

ENOUGH = 50
BINS, SMALLEST, BATCH = 10, 5, 1_000_000


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


def chances_if_true(pairs: Pairs, *, draws: int = 1_999, seed: int = 0) -> tuple[float, float]:
    """P of a mean so far off, and P of bins so far off (the sum of ``ece``), if outcomes came as probable as they were said.

    Outcomes are drawn with the probabilities said. Source: Bröcker & Smith (2007).
    """
    import numpy as np

    parts, rng = bins(pairs), np.random.default_rng(seed)
    said = np.array([p for one in parts for p, _ in one])
    came = np.array([y for one in parts for _, y in one])
    starts = np.cumsum([0, *map(len, parts)])[:-1]
    seen, extreme, size = _off(came[None], said, starts), np.ones(2), max(1, BATCH // len(said))
    for start in range(0, draws, size):
        drawn = rng.random((min(size, draws - start), len(said))) < said
        extreme += (_off(drawn, said, starts) >= seen - 1e-9).sum(axis=0)
    return float(extreme[0] / (draws + 1)), float(extreme[1] / (draws + 1))


def _off(came: Any, said: Any, starts: Any) -> Any:
    """How far the sum of outcomes, and how far those of bins, lie off what was said: [draw, 2]."""
    import numpy as np

    off = np.add.reduceat(came - said, starts, axis=1)
    return np.stack([np.abs(off.sum(axis=1)), np.abs(off).sum(axis=1)], axis=1)


def ece(pairs: Pairs, *, enough: int = ENOUGH, most: int = BINS, smallest: int = SMALLEST) -> float | None:
    """Expected calibration error, 0..1, lower is better; None under ``enough`` pairs. Guo et al. (2017)."""
    if len(pairs) < enough:
        return None
    return math.fsum(
        abs(math.fsum(p for p, _ in one) - sum(label for _, label in one))
        for one in bins(pairs, most=most, smallest=smallest)
    ) / len(pairs)
