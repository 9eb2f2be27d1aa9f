"""Two states, and the paths at which they differ (trajectories.md section 7.4)."""

from hypothesis import given, settings
from hypothesis import strategies as st

from traceeval.measures.state_diff import differences

STATE = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text("ab", max_size=2),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("xyz", min_size=1, max_size=2), inner, max_size=3)
    ),
    max_leaves=10,
)


def told(actual, expected, *ignore):
    return sorted((change.kind, change.path) for change in differences(actual, expected, ignore))


def test_added_removed_and_changed_paths():
    before = {"orders": {"A1": {"status": "paid", "total": 10}, "A2": {}}, "users": {"u": 1}}
    after = {"orders": {"A1": {"status": "refunded", "total": 10.0}, "A3": {}}, "users": {"u": 1}}
    assert told(after, before) == [("added", "orders.A3"), ("changed", "orders.A1.status"), ("removed", "orders.A2")]


def test_values_are_equal_as_arguments_are():
    assert told({"n": 5.0, "d": "2024-05-15T10:00:00Z"}, {"n": 5, "d": "2024-05-15T12:00:00+02:00"}) == []
    assert told({"n": True}, {"n": 1}) == [("changed", "n")]


def test_records_with_ids_are_compared_wherever_they_stand():
    expected = [{"id": 1, "v": "a"}, {"id": 2, "v": "b"}]
    assert told(expected[::-1], expected) == []
    assert told([{"id": 2, "v": "c"}, {"id": 3}], expected) == [
        ("added", "[3]"),
        ("changed", "[2].v"),
        ("removed", "[1]"),
    ]


def test_other_lists_are_compared_place_by_place():
    assert told(["b", "a"], ["a", "b"]) == [("changed", "0"), ("changed", "1")]
    assert told(["a"], ["a", "b"]) == [("removed", "1")]


def test_paths_can_be_left_out():
    expected, actual = {"o": {"a": {"at": 1, "v": 1}}}, {"o": {"a": {"at": 2, "v": 2}}}
    assert told(actual, expected, "o.*.at") == [("changed", "o.a.v")]
    assert told(actual, expected, "o") == []


def test_the_expected_state_may_hold_matchers():
    assert told({"id": "R-77", "seen": 3}, {"id": {"$regex": r"R-\d+"}, "seen": {"$ignore": True}}) == []
    assert told({}, {"note": {"$optional": "x"}}) == []


def test_another_kind_of_value_is_one_change():
    assert told({"a": {"b": 1}}, {"a": [1]}) == [("changed", "a")]
    assert told([], {}) == [("changed", "$")]


@settings(deadline=None)
@given(STATE)
def test_a_state_does_not_differ_from_itself(state):
    assert told(state, state) == []


@settings(deadline=None)
@given(STATE, STATE)
def test_what_is_added_one_way_is_removed_the_other(one, other):
    there, back = told(one, other), told(other, one)
    assert [path for kind, path in there if kind == "added"] == [path for kind, path in back if kind == "removed"]
    assert len(there) == len(back)
