"""The one mean there is (metrics.md section 1)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from traceeval.measures.aggregate import Tally, aggregate
from traceeval.measures.interval import wilson
from traceeval.model import Score, Subject


def scored(value, units=1):
    return Score(
        scorer="a.b", subject=Subject(trace="t"), status="scored", value=value, bounds=(value, value), units=units
    )


def failed(low=0.0, high=1.0):
    return Score(scorer="a.b", subject=Subject(trace="t"), status="failed", bounds=(low, high), why="x: y")


def test_the_vector_of_the_specification():
    row = aggregate([*(scored(v) for v in (1, 1, 1, 1, 0.5)), *(failed() for _ in range(5))], "a.b")
    assert (row.mean, row.coverage, row.lower, row.upper) == (0.9, 0.5, 0.45, 0.95)
    assert row.counts == {"scored": 5, "undefined": 0, "not_applicable": 0, "failed": 5}


def test_wilson_vectors():
    assert wilson(8, 10) == pytest.approx((0.490162, 0.943318), abs=1e-6)
    assert wilson(0, 10) == pytest.approx((0, 0.277533), abs=1e-6)
    assert wilson(0, 0) is None


def test_nothing_eligible_has_no_mean_and_no_bounds():
    row = aggregate([Score(scorer="a.b", subject=Subject(trace="t"), status="undefined")], "a.b")
    assert (row.mean, row.coverage, row.lower, row.upper) == (None, None, None, None)


def test_units_that_vary_give_a_micro_mean_beside_the_macro_mean():
    assert aggregate([scored(1.0, 1), scored(0.0, 3)], "a.b").micro == 0.25
    assert aggregate([scored(1.0, 2), scored(0.0, 2)], "a.b").micro is None


values = st.lists(st.floats(0, 1), min_size=1, max_size=20)


@given(values, st.data())
def test_failing_a_scored_item_never_raises_lower_nor_lowers_upper(numbers, data):
    at = data.draw(st.integers(0, len(numbers) - 1))
    before = aggregate([scored(v) for v in numbers], "a.b")
    after = aggregate([failed() if i == at else scored(v) for i, v in enumerate(numbers)], "a.b")
    assert after.lower <= before.lower + 1e-12
    assert after.upper >= before.upper - 1e-12


@given(values, values)
def test_merging_two_tallies_is_tallying_both(first, second):
    one, two, whole = Tally(), Tally(), Tally()
    for value in first:
        one.add(scored(value))
        whole.add(scored(value))
    for value in second:
        two.add(scored(value))
        whole.add(scored(value))
    one.merge(two)
    merged, direct = one.aggregate("a.b"), whole.aggregate("a.b")
    assert merged.mean == pytest.approx(direct.mean)
    assert merged.counts == direct.counts


@pytest.mark.parametrize(("first", "second"), [((1.0, 1), (0.5, 1)), ((0.5, 1), (1.0, 1)), ((1.0, 1), (0.0, 3))])
def test_merging_keeps_whether_values_are_rates_and_units_vary(first, second):
    parts, whole = [Tally(), Tally(), Tally()], Tally()
    for part, (value, units) in zip(parts, (first, second, first), strict=True):
        part.add(scored(value, units))
        whole.add(scored(value, units))
    for part in parts[1:]:
        parts[0].merge(part)
    merged, direct = parts[0].aggregate("a.b"), whole.aggregate("a.b")
    assert (merged.low, merged.high, merged.micro) == pytest.approx((direct.low, direct.high, direct.micro))
