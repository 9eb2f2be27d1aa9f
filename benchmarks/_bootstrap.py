"""Intervals by drawing groups: rows of one group are never independent."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from traceeval.measures.interval import bootstrap

DRAWS = 1000


def measured(
    rows: Sequence[Any], groups: Sequence[str], statistic: Callable[[list[Any]], float | None]
) -> dict[str, float | None]:
    """``{"value", "low", "high"}`` of a statistic; no interval under two groups."""
    low, high = bootstrap(rows, groups, statistic, n=DRAWS) or (None, None)
    return {"value": statistic(list(rows)), "low": low, "high": high}


def exact(value: float | None) -> dict[str, float | None]:
    """A figure for which no interval makes sense."""
    return {"value": value, "low": None, "high": None}


def auroc(pairs: Sequence[tuple[float, bool]]) -> float | None:
    """Area under the ROC curve of (score, positive), ties counted half; None with one class only."""
    positive = np.array([score for score, label in pairs if label])
    negative = np.array([score for score, label in pairs if not label])
    if not len(positive) or not len(negative):
        return None
    from scipy.stats import rankdata

    ranks = rankdata(np.concatenate([positive, negative]))
    return float(
        (ranks[: len(positive)].sum() - len(positive) * (len(positive) + 1) / 2) / len(positive) / len(negative)
    )


def balanced_accuracy(pairs: Sequence[tuple[bool, bool]]) -> float | None:
    """Mean of sensitivity and specificity of (predicted, true); None with one class only."""
    positive = [predicted for predicted, label in pairs if label]
    negative = [not predicted for predicted, label in pairs if not label]
    if not positive or not negative:
        return None
    return (sum(positive) / len(positive) + sum(negative) / len(negative)) / 2


def kappa(pairs: Sequence[tuple[bool, bool]]) -> float | None:
    """Cohen's kappa of (predicted, true); None when chance agreement is 1."""
    n = len(pairs)
    if not n:
        return None
    observed = sum(predicted == label for predicted, label in pairs) / n
    p, t = sum(predicted for predicted, _ in pairs) / n, sum(label for _, label in pairs) / n
    chance = p * t + (1 - p) * (1 - t)
    return (observed - chance) / (1 - chance) if chance < 1 else None
