"""Probabilities that can be believed: the vector of metrics.md section 13, and what a fit may not do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from traceeval.measures.calibration import Platt, bins, brier, chances_if_true, ece, fit

VECTOR = list(zip([0.95, 0.90, 0.80, 0.70, 0.60, 0.55, 0.85, 0.30], map(bool, [1, 1, 1, 0, 1, 0, 0, 0]), strict=True))


def test_the_vector_of_the_specification():
    assert brier(VECTOR) == pytest.approx(0.227188, abs=1e-6)
    assert ece(VECTOR, enough=1, most=4, smallest=2) == pytest.approx(0.243750, abs=1e-6)


def test_too_few_pairs_have_no_calibration_error():
    assert ece(VECTOR) is None
    assert brier([]) is None


def test_equal_probabilities_share_a_bin():
    assert [len(one) for one in bins([(0.5, True)] * 60)] == [60]


def test_no_bin_is_under_five():
    assert min(len(one) for one in bins([(n / 57, n % 2 == 0) for n in range(57)])) >= 5


def test_a_fit_finds_the_shift_of_its_labels():
    labels = [(n / 40, n >= 28) for n in range(40)]
    model = fit(labels)
    assert model(0.5) < 0.5 < model(0.9)


def test_labels_of_one_class_are_refused():
    with pytest.raises(ValueError, match="both classes"):
        fit([(0.1, True), (0.9, True)])


def test_what_was_said_is_as_likely_as_the_binomial_says():
    """Sixty told at .5, forty right: P of 10 or more off 30 is .0135 (binomial, two-sided)."""
    mean, parts = chances_if_true([(0.5, n < 40) for n in range(60)], draws=9999)
    assert mean == pytest.approx(0.0135, abs=0.004)
    assert parts == mean  # one bin


def test_parts_of_a_scale_may_be_off_while_its_mean_is_not():
    mean, parts = chances_if_true([(0.9, n < 35) for n in range(50)] + [(0.5, n < 35) for n in range(50)])
    assert mean == 1.0
    assert parts < 0.005


@given(st.floats(-50, 50), st.floats(-50, 50), st.floats(0, 1))
def test_a_probability_is_a_probability(a, b, score):
    assert 0 <= Platt(a, b)(score) <= 1


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=50, max_size=120))
def test_calibration_error_and_brier_lie_between_0_and_1(pairs):
    assert 0 <= ece(pairs) <= 1
    assert 0 <= brier(pairs) <= 1
    assert sum(map(len, bins(pairs))) == len(pairs)
