"""The figures quality.py prints: areas, accuracies, agreement, and intervals over groups."""

import pytest
from benchmarks._bootstrap import auroc, balanced_accuracy, exact, kappa, measured
from hypothesis import given, settings
from hypothesis import strategies as st


def test_known_values():
    assert auroc([(0.9, True), (0.8, False), (0.7, True), (0.1, False)]) == 0.75
    assert auroc([(0.5, True), (0.5, False)]) == 0.5
    assert balanced_accuracy([(True, True), (False, True), (False, False)]) == 0.75
    assert kappa([(True, True)] * 20 + [(True, False)] * 5 + [(False, True)] * 10 + [(False, False)] * 15) == (
        pytest.approx(0.4)
    )


def test_one_class_has_no_value():
    assert auroc([(0.9, True)]) is None
    assert balanced_accuracy([(True, False)]) is None
    assert kappa([(True, True)]) is None
    assert kappa([]) is None


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 5), st.booleans()), min_size=1, max_size=30))
def test_the_area_is_the_share_of_pairs_in_order(pairs):
    good, bad = [s for s, label in pairs if label], [s for s, label in pairs if not label]
    found = auroc(pairs)
    if not good or not bad:
        assert found is None
    else:
        wins = sum((a > b) + 0.5 * (a == b) for a in good for b in bad)
        assert found == pytest.approx(wins / len(good) / len(bad))


def test_an_interval_holds_its_value_and_is_missing_where_none_makes_sense():
    found = measured([0.0, 1.0, 1.0, 1.0], ["a", "b", "c", "d"], lambda rows: sum(rows) / len(rows))
    assert found["low"] <= found["value"] <= found["high"]
    assert measured([1.0], ["a"], lambda rows: rows[0]) == exact(1.0) == {"value": 1.0, "low": None, "high": None}
