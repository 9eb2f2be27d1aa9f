"""Estimates of risk-weighted draws (review.md section 7), in a small simulation with fixed seeds."""

from functools import lru_cache

import numpy as np
import pytest
from benchmarks.coverage.rates import run
from hypothesis import given
from hypothesis import strategies as st

from traceeval.measures.estimation import clipped, difference, fit, hajek, only, sample

EVEN = np.full(40, 0.1)


@lru_cache
def small():
    """The table of section 7, 200 draws of it."""
    return run(200)


@pytest.mark.parametrize("judge", ["good", "useless", "inverted"])
def test_estimates_of_risk_weighted_draws_are_unbiased_and_cover(judge):
    for name in ("difference", "Hájek"):
        found = small()[f"by risk, {name}, {judge} judge"]
        assert abs(found["bias_in_se"]) < 0.2
        assert 0.905 <= found["coverage"] <= 0.985  # 200 draws at 95 %: exact binomial, .99


def test_a_judge_helps_or_costs_nothing():
    found = {name: row["width"] for name, row in small().items()}
    assert found["by risk, difference, useless judge"] <= 1.05 * found["by risk, Hájek, useless judge"]
    for judge in ("good", "inverted"):
        assert found[f"by risk, difference, {judge} judge"] < 0.8 * found[f"by risk, Hájek, {judge} judge"]


def test_the_plain_mean_of_a_risk_weighted_draw_is_wrong_and_covers_nothing():
    for name in ("top-n by risk, plain mean", "by risk, plain mean"):
        assert small()[name]["bias"] > 0.05
        assert small()[name]["coverage"] <= 0.05


def test_a_closed_half_is_a_sample_only_in_the_order_of_the_plan():
    found = small()["half done, u/pi order, difference"]
    assert abs(found["bias_in_se"]) < 0.2
    assert 0.905 <= found["coverage"] <= 0.985
    assert small()["half done, risk order, difference"]["coverage"] < 0.85


def test_slices_cover_with_the_line_of_the_whole():
    for name in ("slice of 7.5%, fitted on all", "slice of 20.0%, fitted on all"):
        assert 0.90 <= small()[name]["coverage"] <= 0.985


@pytest.mark.soak
def test_the_table_of_section_7_in_2000_draws():
    for name, found in run(2000).items():
        if "plain mean" not in name and "risk order" not in name:
            assert 0.93 <= found["coverage"] <= 0.97, name
            assert abs(found["bias_in_se"]) < 0.2, name


def test_a_census_has_no_sampling_error():
    found = hajek(sample([1.0, 0.0], [1.0, 1.0]))
    assert (found.low, found.value, found.high, found.effective, found.largest) == (0.5, 0.5, 0.5, 0.0, 1.0)
    assert found.enough


def test_equal_weights_count_as_many_as_they_are():
    found = hajek(sample(np.arange(40) % 2, EVEN))
    assert (found.value, found.n, found.largest) == (0.5, 40, 10)
    assert found.effective == pytest.approx(40)
    assert found.enough
    assert not hajek(sample(np.arange(29) % 2, EVEN[:29])).enough


def test_one_heavy_unit_is_no_thirty():
    found = hajek(sample(np.arange(40) % 2, [0.001, *EVEN[1:]]))
    assert found.effective == pytest.approx(1, abs=0.02)
    assert not found.enough


def test_a_score_that_says_it_all_leaves_no_error():
    y = np.arange(40) % 2
    found = difference(sample(y, EVEN, 1 - y), 400, 0.7)
    assert found.slope == pytest.approx(-1)
    assert (found.value, found.high - found.low) == (pytest.approx(0.3), pytest.approx(0, abs=1e-6))


def test_a_constant_score_costs_nothing_and_divides_by_nothing():
    found = difference(sample(np.arange(40) % 2, EVEN, np.full(40, 0.7)), 400, 0.7)
    assert (found.slope, found.value) == (0, pytest.approx(0.5))


def test_what_is_certain_counts_for_itself_and_has_no_part_in_the_line():
    y, pi = [1, 1, 1, *(np.arange(40) % 2)], [1, 1, 1, *EVEN]
    found = difference(sample(y, pi), 403, 0.0)
    assert found.value == pytest.approx((3 + 200) / 403)
    assert found.effective == pytest.approx(40)


def test_where_the_question_does_not_arise_is_left_out_of_both():
    applies = np.arange(40) % 4 > 0  # 30 of 40
    y = np.where(np.arange(40) % 4 > 1, 1.0, 0.0)  # 20 of them
    units = sample(y, EVEN, np.linspace(0, 1, 40), applies)
    for found in (hajek(units), difference(units, 400, 0.5)):
        assert found.value == pytest.approx(2 / 3, abs=0.01)
        assert found.n == 30
    assert hajek(sample(y, EVEN, applies=np.zeros(40))) is None
    assert difference(sample(y, EVEN, applies=np.zeros(40)), 400, 0.0) is None


def test_a_share_that_never_varies_among_those_it_applies_to_has_no_error():
    applies = (np.arange(40) % 4 > 0).astype(float)
    found = difference(sample(applies, EVEN, np.linspace(0, 1, 40) ** 2, applies), 400, 0.3)
    assert (found.value, found.high - found.low) == (pytest.approx(1), pytest.approx(0, abs=1e-9))


def test_the_line_leaves_least_where_weights_are_large():
    y, score = np.array([0.0, 1.0, 0.0, 1.0, 1.0]), np.array([0.1, 0.5, 0.4, 0.9, 0.2])
    pi = np.array([0.1, 0.5, 0.9, 0.3, 1.0])
    line = fit(y, sample(y, pi, score))
    expected = np.polyfit(score, y, 1, w=np.sqrt((1 - pi) / pi**2))  # its weights multiply residuals, not squares
    assert (line.slope, line.intercept) == pytest.approx(tuple(expected))
    assert line.n == 4


def test_a_slice_is_the_whole_when_it_holds_all():
    units = sample(np.arange(40) % 2, EVEN, np.arange(40) / 40)
    assert difference(units, 400, 0.5, inside=np.ones(40, dtype=bool)) == difference(units, 400, 0.5)
    assert difference(units, 0, 0.5) is None
    assert difference(units, 9, 0.5, inside=np.zeros(40, dtype=bool)) is None
    assert len(only(units, np.arange(40) < 7).y) == 7


def test_nothing_drawn_has_no_estimate():
    assert hajek(sample([], [])) is None
    assert difference(sample([], []), 0, 0.0) is None
    assert difference(sample([1.0, 0.0], [0.5, 0.5]), 4, 0.0) is None


def test_an_interval_is_cut_to_what_there_is():
    found = clipped(hajek(sample([1.0, *[0.0] * 39], EVEN)), 0, 1)
    assert (found.low, found.high > found.value) == (0, True)


@pytest.mark.parametrize(("y", "pi"), [([1.0], [0.0]), ([1.0], [1.5]), ([1.0, 2.0], [0.5])])
def test_what_is_no_sample_is_refused(y, pi):
    with pytest.raises(ValueError, match="probability"):
        sample(y, pi)


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0.05, 1), st.floats(-1, 1)), min_size=4, max_size=40))
def test_estimates_do_not_depend_on_the_order_and_hajek_stays_in_the_range(units):
    y, pi, score = map(np.array, zip(*units, strict=True))
    one, other = sample(y, pi, score), sample(y[::-1], pi[::-1], score[::-1])
    assert y.min() - 1e-9 <= hajek(one).value <= y.max() + 1e-9
    assert hajek(one).value == pytest.approx(hajek(other).value)
    mine, theirs = difference(one, 100, 0.1), difference(other, 100, 0.1)
    assert (mine is None) == (theirs is None)
    if mine is not None:
        assert mine.value == pytest.approx(theirs.value, abs=1e-6)
        assert mine.low <= mine.value <= mine.high
