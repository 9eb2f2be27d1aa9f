"""The conditional logit: shares, and a fit that finds what decided."""

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from traceeval.measures.choice import Choice, fit, log_likelihood

FLAT = Choice({"x": 0.0}, {"x": 1.0}, {"x": 1.0})


def test_shares_are_those_of_the_logit():
    """Two alternatives, a unit apart: e / (1 + e) = .731059 (McFadden 1974)."""
    assert FLAT.shares([{"x": 1.0}, {"x": 0.0}]) == pytest.approx([0.731059, 0.268941], abs=1e-6)


def test_nothing_to_choose_from_has_no_shares():
    assert FLAT.shares([]) == []


@given(st.lists(st.floats(-50, 50), min_size=1, max_size=20), st.floats(-1e3, 1e3))
def test_shares_sum_to_one_and_a_common_shift_changes_nothing(values, shift):
    shares = FLAT.shares([{"x": value} for value in values])
    moved = FLAT.shares([{"x": value + shift} for value in values])
    assert math.isclose(math.fsum(shares), 1, abs_tol=1e-9)
    assert moved == pytest.approx(shares, abs=1e-6)


def cases(n=200, slope=2.0, seed=0):
    rng = random.Random(seed)
    made = []
    for _ in range(n):
        rows = [{"signal": rng.gauss(0, 1), "noise": rng.gauss(0, 1)} for _ in range(rng.randint(2, 9))]
        made.append((rows, rng.choices(range(len(rows)), [math.exp(slope * row["signal"]) for row in rows])[0]))
    return made


def test_a_fit_finds_the_signal_and_leaves_the_noise():
    made = fit(cases(), ridge=1.0)
    assert made.weights["signal"] == pytest.approx(2.0, abs=0.5)
    assert abs(made.weights["noise"]) < 0.3


def test_a_heavier_ridge_means_smaller_weights_and_a_worse_fit_of_its_own_rows():
    loose, tight = fit(cases(), ridge=1.0), fit(cases(), ridge=100.0)
    assert abs(tight.weights["signal"]) < abs(loose.weights["signal"])
    assert log_likelihood(tight, cases()) < log_likelihood(loose, cases())


def test_a_feature_that_never_varies_has_no_weight_and_does_no_harm():
    made = fit([([{"x": 1.0, "k": 3.0}, {"x": 0.0, "k": 3.0}], 0)] * 5, ridge=1.0)
    assert made.weights["k"] == pytest.approx(0)
    assert made.shares([{"x": 1.0, "k": 3.0}, {"x": 0.0, "k": 3.0}])[0] > 0.5


def test_no_case_is_refused():
    with pytest.raises(ValueError, match="no case"):
        fit([], ridge=1.0)
