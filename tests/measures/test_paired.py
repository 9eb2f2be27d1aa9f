"""Paired comparison: the vectors of metrics.md section 15, and what holds of any differences."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from traceeval.measures.clustered import holm
from traceeval.measures.paired import (
    compare_pairs,
    detectable,
    false_discovery,
    mcnemar,
    mean_interval,
    sign_flips,
    signed_rank,
    units_needed,
)

VECTOR = np.array([0.10, 0.20, -0.05, 0.30, 0.15, 0.25, 0.06, -0.12])


@pytest.mark.parametrize(("up", "down", "p"), [(10, 2, 0.038574), (20, 10, 0.100348), (0, 0, 1.0)])
def test_mcnemar_gives_the_known_chances(up, down, p):
    assert mcnemar(up, down) == pytest.approx(p, abs=5e-7)
    assert mcnemar(down, up) == mcnemar(up, down)


def test_signed_ranks_give_the_known_chance():
    assert signed_rank(VECTOR) == 0.078125


def test_zeros_say_nothing_to_signed_ranks():
    assert signed_rank(np.concatenate([VECTOR, np.zeros(9)])) == signed_rank(VECTOR)
    assert signed_rank(np.zeros(9)) == 1.0


def test_corrections_give_the_known_chances():
    chances = [0.01, 0.04, 0.03, 0.005]
    assert holm(chances) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert false_discovery(chances) == pytest.approx([0.02, 0.04, 0.04, 0.02])
    assert false_discovery([]) == []


def test_sign_flips_of_few_units_are_counted_out():
    """Of 2^6 ways to give six equal rises a sign, one is as high and one as low."""
    assert sign_flips(np.full(6, 0.5)) == 2 / 2**6
    assert sign_flips(np.zeros(6)) == 1.0


def test_drawn_sign_flips_count_ties_in_full_and_what_was_found_too():
    """Twenty equal rises: only one way of 2^20 is as high, so that no drawn way ties, and p is that of the one found."""
    assert sign_flips(np.full(20, 0.25), resamples=999) == 1 / 1000
    assert sign_flips(np.array([0.25, -0.25] * 10), resamples=999) == 1.0  # every way is at least as far from 0


def test_an_interval_of_differences_that_do_not_vary_is_the_difference():
    assert mean_interval(np.full(7, 0.25)) == (0.25, 0.25)


def test_the_interval_holds_the_mean_and_narrows_with_the_number_of_units():
    rng = np.random.default_rng(3)
    few, many = rng.normal(0.1, 0.3, 20), rng.normal(0.1, 0.3, 320)
    widths = []
    for values in (few, many):
        low, high = mean_interval(values)
        assert low < values.mean() < high
        widths.append(high - low)
    assert widths[1] < widths[0] / 2


def test_the_detectable_difference_is_found_four_times_of_five():
    """(1.959964 + .915365) * .5 / sqrt(49 - 1.920729); steps of a quarter cost a quarter of a unit more."""
    assert detectable(0.5, 49) == pytest.approx(0.209528, abs=5e-7)
    assert detectable(0.5, 49, grain=0.25) == pytest.approx(0.209528 + 0.25 / 49, abs=5e-7)


def test_six_pairs_show_no_difference_at_all_among_eight_measures():
    """All six rising is p = .031, and .05 / 8 is .00625."""
    assert detectable(0.5, 6, alpha=0.05 / 8) is None
    assert detectable(0.5, 9, alpha=0.05 / 8) is not None


@pytest.mark.parametrize(("alpha", "grain"), [(0.05, 0.0), (0.05 / 8, 0.25), (0.05 / 50, 1.0)])
def test_the_units_needed_are_the_fewest_that_detect_it(alpha, grain):
    n = units_needed(0.3, 0.1, alpha=alpha, grain=grain)
    assert detectable(0.3, n, alpha=alpha, grain=grain) <= 0.1 < detectable(0.3, n - 1, alpha=alpha, grain=grain)


def test_the_test_follows_from_the_values():
    zeros, ones = np.zeros(12), np.ones(12)
    assert compare_pairs(zeros, ones).method == "mcnemar"
    assert compare_pairs(zeros, ones * 0.5).method == "signed_rank"
    assert compare_pairs(zeros, ones, trials=True).method == "sign_flips"


def test_five_pairs_are_too_few_for_any_number():
    assert compare_pairs(np.zeros(5), np.ones(5)) is None
    assert compare_pairs(np.zeros(6), np.ones(6)).p == pytest.approx(0.03125)


@settings(max_examples=25)
@given(st.lists(st.integers(-4, 4).map(lambda n: n / 4), min_size=6, max_size=30), st.booleans())
def test_a_comparison_turned_round_says_the_opposite(moved, trials):
    base, head = np.zeros(len(moved)), np.array(moved)
    there, back = compare_pairs(base, head, trials=trials), compare_pairs(head, base, trials=trials)
    assert there.value == -back.value
    assert there.p == pytest.approx(back.p, abs=0.03 if trials else 1e-12)
    assert there.low <= there.value <= there.high
