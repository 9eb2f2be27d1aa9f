"""Expected values at any depth (metrics.md section 7.1)."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from traceeval.errors import ConfigError
from traceeval.measures.matchers import bind, check, match, may_be_missing, references

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=True) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc$", max_size=2), inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize(
    ("actual", "expected"),
    [
        (5, {"$eq": 5.0}),
        ("b", {"$one_of": ["a", "b"]}),
        ("ORD-12", {"$regex": r"ORD-\d+"}),
        (101, {"$num": {"value": 100, "rel": 0.01}}),
        (100.4, {"$num": {"value": 100, "abs": 0.5}}),
        (5, {"$num": 5}),
        ("2024-05-15T10:00:00Z", {"$date": "2024-05-15T12:00:00+02:00"}),
        ([2, 1], {"$set": [1, 2]}),
        ([1, 2], {"$seq": [1, {"$num": {"value": 2.1, "abs": 0.2}}]}),
        ([3, 2, 1], {"$subset": [1, 3]}),
        ({"a": 1, "b": 2}, {"$subset": {"b": 2}}),
        (7, {"$all": [{"$num": {"value": 6, "abs": 1}}, {"$not": 6}]}),
        (7, {"$any": [6, 7]}),
        ("anything", {"$ignore": True}),
        ("x", {"$optional": "x"}),
        ({"a": [{"b": 3}]}, {"a": [{"b": {"$one_of": [2, 3]}}]}),
        ({"a": 1}, {"a": 1, "b": {"$optional": 2}}),
        ([1, 1, 2], {"$set": [1, 2, 1]}),
    ],
)
def test_a_matcher_accepts(actual, expected):
    check(expected)
    assert match(actual, expected) == "equal"


@pytest.mark.parametrize(
    ("actual", "expected"),
    [
        (True, {"$eq": 1}),
        ("c", {"$one_of": ["a", "b"]}),
        ("xORD-12", {"$regex": r"ORD-\d+"}),
        ("5", {"$num": 5}),
        (True, {"$num": 1}),
        (102, {"$num": {"value": 100, "rel": 0.01}}),
        (20240515, {"$date": "2024-05-15"}),
        ([1, 1], {"$set": [1, 2]}),
        ([1, 2, 2], {"$set": [1, 1, 2]}),
        ([2, 1], {"$seq": [1, 2]}),
        ([1], {"$subset": [1, 1]}),
        ({"a": 1}, {"$subset": {"b": 2}}),
        (6, {"$not": 6}),
        (6, {"$any": []}),
        ("y", {"$optional": "x"}),
        ({"a": [{"b": 4}]}, {"a": [{"b": {"$one_of": [2, 3]}}]}),
        ({"a": 1, "b": 3}, {"a": 1, "b": {"$optional": 2}}),
        ({"a": 1, "c": 3}, {"a": 1, "b": {"$optional": 2}}),
        ("anything", {"$ref": "lookup.result"}),
    ],
)
def test_a_matcher_refuses(actual, expected):
    check(expected)
    assert match(actual, expected) == "different"


def test_a_set_is_matched_optimally_not_greedily():
    """The first element may take either place, the second only one."""
    assert match([1, 2], {"$set": [{"$any": [1, 2]}, 1]}) == "equal"


def test_a_number_no_float_can_hold_is_compared_as_it_is():
    assert match(10**400, {"$num": 1.0}) == "different"
    assert match(10**400, 10**400) == "equal"
    assert match(10**400, 1.5) == "different"


@pytest.mark.parametrize(
    ("expected", "told"),
    [
        ({"$betwen": [1, 2]}, "unknown; known"),
        ({"$one_of": 5}, "is not of its form; write"),
        ({"$num": {"value": 5, "tol": 1}}, "'rel': 0.01"),
        ({"$regex": "("}, "no regular expression"),
        ({"$date": "15 May"}, "ISO"),
        ({"$ref": "lookup"}, "id of an expected call.result.path"),
        ({"a": [{"$set": 1}]}, "$set"),
        ({"$optional": {"$num": "5"}}, "$num"),
    ],
)
def test_a_matcher_badly_written_is_refused_with_its_form(expected, told):
    with pytest.raises(ConfigError, match=told.replace("$", r"\$")):
        check(expected)


def test_a_literal_that_looks_like_a_matcher_can_be_written():
    check({"$eq": {"$ref": 5}})
    assert match({"$ref": 5}, {"$eq": {"$ref": 5}}) == "equal"


def test_what_may_be_missing():
    assert may_be_missing({"$optional": 1})
    assert may_be_missing({"$ignore": True})
    assert may_be_missing({"$any": [1, {"$optional": 2}]})
    assert not may_be_missing({"$any": [1, 2]})
    assert not may_be_missing(1)


def test_references_are_found_and_bound_at_any_depth():
    expected = {"ids": [{"$ref": "a.result.id"}, 2], "other": {"$any": [{"$ref": "b.result"}, 1]}}
    assert list(references(expected)) == ["a.result.id", "b.result"]
    bound = bind(expected, {"a.result.id": 7})
    assert match({"ids": [7, 2], "other": 1}, bound) == "equal"
    assert match({"ids": [8, 2], "other": 1}, bound) == "different"
    assert match({"ids": [7, 2], "other": 5}, bound) == "different"


@settings(deadline=None)
@given(JSON, JSON)
def test_no_value_of_a_trace_raises(actual, expected):
    try:
        check(expected)
    except ConfigError:
        return
    assert match(actual, expected) in ("equal", "different", "wrong_type", "coercible")


@settings(deadline=None)
@given(JSON.filter(lambda value: value == value))
def test_not_is_the_opposite(value):
    assert (match(value, {"$eq": value}) == "equal") != (match(value, {"$not": {"$eq": value}}) == "equal")
