"""Two versions on the same cases: tests, intervals and corrections over paired differences (metrics.md section 15).

The choices are those of MLflow 3.18, so that p-values agree; what is corrected, and by which unit, is ours. Differences are
NumPy arrays of finite numbers, one a unit (a scenario, a query), in the scale of the measure.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any, Literal, TypeAlias

FEWEST = 6
"""Pairs below which no p can be under .05: the smallest is 2 / 2^6 = .031."""
FEW = 10
EXACT_DISCORDANT, EXACT_RANKS = 25, 50
RESAMPLES, BATCH = 10_000, 1_000_000
POWER = NormalDist().inv_cdf(0.82)
"""What is stated has to be found in 80 of 100 repetitions: 82 are aimed at, for the formula is a point or two off where values are skewed."""
LEAST = 1e-12  # differences below it are rounding
Method: TypeAlias = Literal["mcnemar", "signed_rank", "sign_flips"]


@dataclass(frozen=True, slots=True)
class Difference:
    """The mean of paired differences, head less base. ``p``: of "no difference", two-sided, by ``method``.

    ``spread``: their standard deviation; ``grain``: the least of them that is none. ``detectable``: the true difference
    that this many units show with 80 % power at least at level ``alpha``; None: none ever.
    """

    value: float
    low: float
    high: float
    p: float
    method: Method
    n: int
    spread: float
    grain: float
    detectable: float | None


def compare_pairs(
    base: Any, head: Any, *, trials: bool = False, resamples: int = RESAMPLES, alpha: float = 0.05
) -> Difference | None:
    """What ``head`` changed over ``base``, two arrays of one value a unit; None under ``FEWEST`` units.

    ``trials``: a value is the mean of several trials, so that its sign is what may be exchanged between the versions. Else
    McNemar's test where every value is 0 or 1, and Wilcoxon's signed ranks where not. ``alpha``: the level p has to
    undercut, where measures are corrected together that of the first of them.
    """
    import numpy as np

    base, head = np.asarray(base, dtype=np.float64), np.asarray(head, dtype=np.float64)
    moved = head - base
    if len(moved) < FEWEST:
        return None
    method, p = _tested(moved, trials, resamples, binary=bool(np.isin(np.concatenate([base, head]), (0.0, 1.0)).all()))
    low, high = mean_interval(moved, resamples=resamples)
    spread, grain = float(moved.std(ddof=1)), _grain(moved)
    least = detectable(spread, len(moved), alpha=alpha, grain=grain)
    return Difference(float(moved.mean()), low, high, p, method, len(moved), spread, grain, least)


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

    Ways that tie with what was found count in full, and so does what was found: under "no difference" p undercuts any
    level at most as often as the level says. Sources: Fisher (1935), sec. 21; Phipson & Smyth (2010) for drawn ways.
    """
    import numpy as np

    if not np.any(differences):
        return 1.0
    n, seen = len(differences), abs(float(differences.sum()))
    whole = 2.0**n <= resamples
    extreme = 0 if whole else 1
    for signs in _all_signs(n) if whole else _drawn_signs(n, resamples, seed):
        drawn = np.abs(signs @ differences)
        extreme += int(((drawn > seen) | np.isclose(drawn, seen, rtol=1e-9, atol=1e-12)).sum())
    return extreme / (2**n if whole else resamples + 1)


def _all_signs(n: int) -> Iterator[Any]:
    """Every way to give ``n`` units a sign, as one array [way, unit]."""
    import numpy as np

    yield ((np.arange(2**n)[:, None] >> np.arange(n)) & 1) * 2.0 - 1


def _drawn_signs(n: int, ways: int, seed: int) -> Iterator[Any]:
    """The same drawn, in parts that fit into memory."""
    import numpy as np

    rng, size = np.random.default_rng(seed), max(1, BATCH // n)
    for start in range(0, ways, size):
        yield rng.integers(0, 2, (min(size, ways - start), n), dtype=np.int8) * 2.0 - 1


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


def detectable(spread: float, n: int, *, alpha: float = 0.05, grain: float = 0.0) -> float | None:
    """The mean difference that ``n`` units show in 80 of 100 repetitions at level ``alpha``; None: no difference at all.

    ``spread``: their standard deviation; ``grain``: the least step between differences, which costs as much as a
    correction for continuity. None where even units that all rise give no p under ``alpha``. Source: Guenther (1981).
    """
    z = NormalDist().inv_cdf(1 - alpha / 2)
    if 2.0 ** (1 - n) > alpha or n <= z * z / 2:
        return None
    return float((z + POWER) * spread / (n - z * z / 2) ** 0.5 + grain / n)


def units_needed(spread: float, difference: float, *, alpha: float = 0.05, grain: float = 0.0) -> int:
    """How many units show a mean difference above 0 in 80 of 100 repetitions: the least for which it is ``detectable``."""
    z = NormalDist().inv_cdf(1 - alpha / 2)
    n = max(FEWEST, int(((z + POWER) * spread / difference) ** 2 + z * z / 2))
    while (least := detectable(spread, n, alpha=alpha, grain=grain)) is None or least > difference:
        n += 1
    return n


def _grain(moved: Any) -> float:
    """The least difference that is none: of shares of four trials .25, of continuous values next to nothing."""
    import numpy as np

    found = np.abs(moved)[np.abs(moved) > LEAST]
    return float(found.min()) if len(found) else 0.0


def false_discovery(chances: Sequence[float]) -> list[float]:
    """p-values adjusted so that of the refuted at most a share is refuted wrongly, in their order.

    Source: Benjamini & Hochberg (1995). ``false_discovery([.01, .04, .03, .005])`` is [.02, .04, .04, .02].
    """
    if not chances:
        return []
    from scipy.stats import false_discovery_control

    return [float(p) for p in false_discovery_control(chances)]
