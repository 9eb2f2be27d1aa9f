"""Weights that are never negative, and that stay where they were believed to be without evidence."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from traceeval.measures.monotone import Monotone, fit_monotone, sigmoid

features = st.dictionaries(st.sampled_from("abc"), st.floats(0, 3), max_size=3)
ROWS = [{"a": 1.0}, {"a": 1.0, "b": 1.0}, {"b": 1.0}, {}] * 20
LABELS = [True, True, False, False] * 20


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(features, st.booleans()), min_size=4, max_size=30), features, st.floats(0, 3))
def test_more_of_a_feature_never_lowers_the_probability(pairs, row, more):
    labels = [label for _, label in pairs]
    if len(set(labels)) < 2:
        return
    model = fit_monotone([one for one, _ in pairs], labels, prior={"a": 1.0, "b": 0.5, "c": 0.0})
    for name in "abc":
        assert model({**row, name: row.get(name, 0.0) + more}) >= model(row) - 1e-12


def test_what_goes_with_the_label_gains_weight_and_what_does_not_loses_it():
    model = fit_monotone(ROWS, LABELS, prior={"a": 1.0, "b": 1.0})
    assert model.weights["a"] > 2.5
    assert model.weights["b"] < 0.5


def test_a_feature_nobody_showed_keeps_its_weight():
    assert fit_monotone(ROWS, LABELS, prior={"a": 1.0, "z": 1.7}).weights["z"] == pytest.approx(1.7)


def test_a_feature_against_the_label_ends_at_nothing_and_not_below():
    assert fit_monotone(ROWS, [not one for one in LABELS], prior={"a": 1.0}).weights["a"] == 0.0


def test_the_probability_is_the_logistic_of_the_sum():
    assert Monotone(-1.0, {"a": 2.0})({"a": 0.5, "q": 9.0}) == 0.5
    assert sigmoid(-1000.0) == 0.0
    assert sigmoid(1000.0) == 1.0


def test_one_class_alone_teaches_nothing():
    with pytest.raises(ValueError, match="both classes"):
        fit_monotone([{}, {}], [True, True], prior={"a": 1.0})
    with pytest.raises(ValueError, match="labels"):
        fit_monotone([{}], [True, False], prior={})
