"""Intervals by drawing groups: rows of one group are never independent."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np


def group_bootstrap(
    rows: Sequence[Any],
    groups: Sequence[str],
    statistic: Callable[[list[Any]], float | None],
    *,
    n: int = 1000,
    seed: int = 0,
) -> tuple[float | None, float | None]:
    """95 % percentile interval of ``statistic`` over draws of whole groups; (None, None) under two groups.

    Draws on which the statistic is None (one class only) are left out.
    """
    members: dict[str, list[Any]] = {}
    for row, group in zip(rows, groups, strict=True):
        members.setdefault(group, []).append(row)
    names = sorted(members)
    if len(names) < 2:
        return None, None
    rng = np.random.default_rng(seed)
    values = []
    for _ in range(n):
        drawn = [row for i in rng.integers(0, len(names), len(names)) for row in members[names[i]]]
        value = statistic(drawn)
        if value is not None:
            values.append(value)
    if not values:
        return None, None
    low, high = np.percentile(values, [2.5, 97.5])
    return float(low), float(high)


def measured(
    rows: Sequence[Any], groups: Sequence[str], statistic: Callable[[list[Any]], float | None]
) -> dict[str, float | None]:
    """``{"value", "low", "high"}`` of a statistic."""
    low, high = group_bootstrap(rows, groups, statistic)
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
