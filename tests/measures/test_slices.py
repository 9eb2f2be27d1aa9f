"""Slices against the rest: known answers, and a bound that is one."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import mannwhitneyu, ttest_ind_from_stats

from traceeval.measures.slices import Sums, counted, coverage_chance, shortfall
from traceeval.measures.slices import chance as chance_of


def chance(mine, rest):
    return chance_of(counted(mine), counted(rest))


def sums(values):
    return Sums(len(values), sum(values), sum(v * v for v in values), set(values) <= {0, 1})


def test_the_lady_tasting_tea():
    # Fisher (1935), ch. 2: one cup right of four, P(at most 1) = 17/70 = .242857
    assert chance([1, 0, 0, 0], [1, 1, 1, 0]) == pytest.approx(17 / 70)


def test_three_rare_failures_in_twenty_are_exact_where_ranks_overstate_them():
    slice_, rest = np.ones(20), np.ones(980)
    slice_[:3] = rest[:7] = 0
    exact = chance(slice_, rest)  # P(X >= 3) of a hypergeometric 1000, 10, 20
    assert exact == pytest.approx(0.000752353, rel=1e-6)
    assert mannwhitneyu(slice_, rest, alternative="less").pvalue < exact / 1e6


def test_a_constant_slice_is_no_certainty_as_it_is_for_welch():
    slice_, rest = np.full(10, 0.2), np.concatenate([np.full(940, 0.2), np.full(50, 0.9)])
    welch = ttest_ind_from_stats(0.2, 0.0, 10, rest.mean(), rest.std(ddof=1), 990, equal_var=False, alternative="less")
    assert welch.pvalue < 1e-6
    assert chance(slice_, rest) > 0.5  # 60 % of all draws of ten look like it


def test_all_values_at_the_lowest_are_as_likely_as_drawing_them_all():
    assert chance([0.0, 0.0], [0.25, 0.5, 1.0, 1.0, 1.0, 0.75]) == pytest.approx((2 / 8) ** 2)


def test_the_smaller_side_is_the_one_that_is_bounded():
    mine, rest = [0.4] * 30 + [0.6] * 10, [1.0] * 5
    assert chance(mine, rest) == pytest.approx((5 / 45) ** 5)


def test_better_than_the_rest_has_no_chance_against_it():
    assert chance([0.9, 0.8], [0.1, 0.2]) == 1.0
    assert chance([1, 1], [0, 0]) == 1.0
    assert chance([0.5, 0.5], [0.5]) == 1.0


def test_nothing_is_said_of_everything_or_nothing():
    assert chance([], [0.1, 0.2]) == 1.0
    assert chance([0.1, 0.2], []) == 1.0


GRID = st.lists(st.integers(0, 8).map(lambda step: step / 8), min_size=4, max_size=9)


@given(values=GRID, n=st.integers(1, 8))
def test_the_chance_is_never_under_the_exact_one_of_all_draws(values, n):
    n = min(n, len(values) - 1)
    draws = [sum(values[at] for at in drawn) for drawn in combinations(range(len(values)), n)]
    for ordered in (sorted(values), values):
        mine, rest = ordered[:n], ordered[n:]
        exact = sum(total <= sum(mine) + 1e-9 for total in draws) / len(draws)
        assert exact - 1e-9 <= chance(mine, rest) <= 1.0


def test_the_difference_of_two_rates_is_newcombes():
    # Newcombe (1998), table II (a), method 10: 56/70 - 48/80 -> .0524, .3339
    worse, low, high = shortfall(sums([1] * 48 + [0] * 32), sums([1] * 56 + [0] * 14))
    assert (worse, low, high) == (pytest.approx(0.2), pytest.approx(0.0524, abs=5e-5), pytest.approx(0.3339, abs=5e-5))


def test_where_lower_is_better_more_is_worse():
    worse, low, high = shortfall(sums([1] * 56 + [0] * 14), sums([1] * 48 + [0] * 32), better="lower")
    assert worse == pytest.approx(0.2)
    assert 0 < low < worse < high


def test_a_handful_of_equal_values_keeps_the_spread_of_the_rest():
    rest = [0.1, 0.5, 0.9, 0.7, 0.3] * 40
    worse, low, _ = shortfall(sums([0.0] * 3), sums(rest))
    assert worse == pytest.approx(0.5)
    assert low < 0
    assert shortfall(sums([0.0] * 30), sums(rest))[1] > 0.35


def test_one_value_alone_has_a_wide_interval():
    _, low, high = shortfall(sums([0.0]), sums([0.1, 0.5, 0.9]))
    assert high - low > 5


@given(
    mine=st.lists(st.floats(0, 1), min_size=1, max_size=20),
    rest=st.lists(st.floats(0, 1), min_size=1, max_size=20),
)
def test_the_interval_holds_the_difference(mine, rest):
    worse, low, high = shortfall(sums(mine), sums(rest))
    assert low - 1e-9 <= worse <= high + 1e-9


def test_a_difference_of_coverage_is_fishers_two_sided():
    # Agresti (2002), table 3.8 read as scored/failed: 3 of 4 against 1 of 4, P = .485714
    assert coverage_chance(3, 4, 1, 4) == pytest.approx(0.485714, abs=5e-7)
