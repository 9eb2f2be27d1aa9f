"""Two versions on the same cases: tests, intervals and corrections over paired differences (metrics.md section 15).

The choices are those of MLflow 3.18, so that p-values agree; what is corrected, and by which unit, is ours. Differences are
NumPy arrays of finite numbers, one a unit (a scenario, a query), in the scale of the measure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from traceeval.measures.interval import Z95

FEWEST = 6
"""Pairs below which no p can be under .05: the smallest is 2 / 2^6 = .031."""
FEW = 10
EXACT_DISCORDANT, EXACT_RANKS = 25, 50
RESAMPLES, BATCH = 10_000, 1_000_000
POWER80 = 0.8416212335729143
Method: TypeAlias = Literal["mcnemar", "signed_rank", "sign_flips"]


@dataclass(frozen=True, slots=True)
class Difference:
    """The mean of paired differences, head less base. ``p``: of "no difference", two-sided, by ``method``.

    ``detectable``: the true difference that this many units show with 80 % power at the 5 % level.
    """

    value: float
    low: float
    high: float
    p: float
    method: Method
    n: int
    detectable: float


def compare_pairs(base: Any, head: Any, *, trials: bool = False, resamples: int = RESAMPLES) -> Difference | None:
    """What ``head`` changed over ``base``, two arrays of one value a unit; None under ``FEWEST`` units.

    ``trials``: a value is the mean of several trials, so that its sign is what may be exchanged between the versions. Else
    McNemar's test where every value is 0 or 1, and Wilcoxon's signed ranks where not.
    """
    import numpy as np

    base, head = np.asarray(base, dtype=np.float64), np.asarray(head, dtype=np.float64)
    moved = head - base
    if len(moved) < FEWEST:
        return None
    method, p = _tested(moved, trials, resamples, binary=bool(np.isin(np.concatenate([base, head]), (0.0, 1.0)).all()))
    low, high = mean_interval(moved, resamples=resamples)
    spread = float(moved.std(ddof=1))
    return Difference(float(moved.mean()), low, high, p, method, len(moved), detectable(spread, len(moved)))


def _tested(moved: Any, trials: bool, resamples: int, *, binary: bool) -> tuple[Method, float]:
    if trials:
        return "sign_flips", sign_flips(moved, resamples=resamples)
    if binary:
        return "mcnemar", mcnemar(int((moved > 0).sum()), int((moved < 0).sum()))
    return "signed_rank", signed_rank(moved)


def mcnemar(up: int, down: int) -> float:
    """P of "as many rose as fell": exact below 25 that did either, else chi-square with continuity correction.

    1 when none did. Source: McNemar (1947). ``mcnemar(10, 2)`` is .038574, ``mcnemar(20, 10)`` is .100348.
    """
    n = up + down
    if not n:
        return 1.0
    if n < EXACT_DISCORDANT:
        from scipy.stats import binomtest

        return float(binomtest(up, n, 0.5).pvalue)
    from scipy.special import chdtrc

    return float(chdtrc(1, (abs(up - down) - 1) ** 2 / n))


def signed_rank(differences: Any) -> float:
    """P of Wilcoxon's test; zeros are dropped, exact up to 50 others, else the normal approximation.

    1 when all are zero. Source: Wilcoxon (1945). Of .10 .20 -.05 .30 .15 .25 .06 -.12 it is .078125.
    """
    from scipy.stats import wilcoxon

    moved = differences[differences != 0]
    if not len(moved):
        return 1.0
    how: Literal["exact", "approx"] = "exact" if len(moved) <= EXACT_RANKS else "approx"
    return float(wilcoxon(moved, method=how).pvalue)


def sign_flips(differences: Any, *, resamples: int = RESAMPLES, seed: int = 0) -> float:
    """P of a mean of 0 by exchanging the two versions unit by unit: all ways where there are few, else drawn.

    Of drawn ways those that tie with what was found count half: means over a few trials take few values, and counting every
    tie would cost two points of power in eighty. Sources: Fisher (1935), sec. 21; Lancaster (1961) for the mid-p.
    """
    import numpy as np
    from scipy.stats import permutation_test

    if not np.any(differences):
        return 1.0
    found = permutation_test(
        (differences, np.zeros_like(differences)),
        lambda one, other, axis: np.mean(one - other, axis=axis),
        permutation_type="samples",
        vectorized=True,
        n_resamples=resamples,
        batch=max(1, BATCH // len(differences)),
        rng=np.random.default_rng(seed),
    )
    drawn = np.abs(found.null_distribution)
    if 2.0 ** len(differences) <= resamples:
        return float(found.pvalue)
    seen = abs(float(found.statistic))
    ties = np.isclose(drawn, seen, rtol=1e-9, atol=1e-12)
    return float((((drawn > seen) & ~ties).sum() + (ties.sum() + 1) / 2) / (len(drawn) + 1))


def mean_interval(differences: Any, *, resamples: int = RESAMPLES, seed: int = 0) -> tuple[float, float]:
    """95 % interval of the mean: BCa; the mean itself where nothing varies, percentiles where BCa is not finite.

    Source: Efron (1987); ``scipy.stats.bootstrap``.
    """
    import warnings

    import numpy as np
    from scipy.stats import DegenerateDataWarning, bootstrap

    if np.allclose(differences, differences[0], rtol=1e-9, atol=1e-12):
        mean = float(np.mean(differences))
        return mean, mean
    low = high = float("nan")
    methods: tuple[Literal["BCa", "percentile"], ...] = ("BCa", "percentile")
    for method in methods:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)
            warnings.simplefilter("ignore", DegenerateDataWarning)
            low, high = bootstrap(
                (differences,),
                np.mean,
                method=method,
                n_resamples=resamples,
                batch=max(1, BATCH // len(differences)),
                rng=np.random.default_rng(seed),
            ).confidence_interval
        if np.isfinite([low, high]).all():
            break
    return float(low), float(high)


def detectable(spread: float, n: int) -> float:
    """The mean difference that ``n`` units with this standard deviation show in 80 of 100 repetitions, at 5 %."""
    return float((Z95 + POWER80) * spread / n**0.5)


def false_discovery(chances: Sequence[float]) -> list[float]:
    """p-values adjusted so that of the refuted at most a share is refuted wrongly, in their order.

    Source: Benjamini & Hochberg (1995). ``false_discovery([.01, .04, .03, .005])`` is [.02, .04, .04, .02].
    """
    if not chances:
        return []
    from scipy.stats import false_discovery_control

    return [float(p) for p in false_discovery_control(chances)]
