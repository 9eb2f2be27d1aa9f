"""What the leaderboard accepts and refuses, right or wrong: metrics.md section 7.3, trajectories.md section 7.5."""

import pytest

from traceeval.graph import TraceGraph, build_views
from traceeval.model import Reference, ToolOffer
from traceeval.registry import Registry, Scorer
from traceeval.testing import call, expect, model, trace

EXACT = Registry("traceeval.scorers", Scorer).get("tool.exact").call


def offer(name, required=(), **properties):
    return ToolOffer(name=name, parameters={"type": "object", "properties": properties, "required": list(required)})


OFFERS = (
    offer(
        "f",
        ("x",),
        x={"type": "integer"},
        limit={"type": "integer", "default": 10},
        s={"type": "string"},
        r={"type": "number"},
        rs={"type": "array", "items": {"type": "number"}},
        o={"type": "object"},
        b={"type": "boolean"},
    ),
    offer("g"),
)


def verdict(called, expected, preset="bfcl"):
    from msgspec.structs import replace

    asked = model(None)
    asked = replace(asked, body=replace(asked.body, tools=OFFERS))
    made = trace(asked, *called, reference=Reference(calls=tuple(expected), extra_calls="forbid"))
    return EXACT(build_views(TraceGraph(made)).calls, preset=preset)


def valid(arguments, expected):
    return verdict([call("f", arguments)], [expect("f", expected)]).value == 1


def allowed(*values):
    return {"$one_of": list(values)}


@pytest.mark.parametrize(
    ("called", "expected"),
    [
        ("john doe@example.com", "johndoe@examplecom"),
        ("a/b.txt", "ab.txt"),
        ("x**2", "x2"),
        ("-5", "5"),
        ("ID-AB1", "idab1"),
    ],
)
def test_strings_lose_what_does_not_count_there(called, expected):
    assert valid({"x": 1, "s": called}, {"x": 1, "s": allowed(expected)})


@pytest.mark.parametrize(("called", "expected"), [("a\u00a0b", "a b"), ("1–2", "1-2"), ("ab", "abc")])
def test_other_characters_count(called, expected):
    assert not valid({"x": 1, "s": called}, {"x": 1, "s": allowed(expected)})


@pytest.mark.parametrize(
    ("arguments", "expected", "held"),
    [
        ({"x": 1.0}, {"x": 1}, False),
        ({"x": True}, {"x": 1}, False),
        ({"x": "1"}, {"x": 1}, False),
        ({"x": 1, "r": 5}, {"x": 1, "r": 5.0}, True),
        ({"x": 1, "r": 5.0 + 1e-11}, {"x": 1, "r": 5.0}, False),
        ({"x": 1, "rs": [1, 2]}, {"x": 1, "rs": allowed([1.0, 2.0])}, False),
        ({"x": 1, "rs": [1.0, 2.0]}, {"x": 1, "rs": allowed([1.0, 2.0])}, True),
        ({"x": 1, "rs": [0, 5]}, {"x": 1, "rs": allowed([0, 5])}, True),
        ({"x": 1, "b": True}, {"x": 1, "b": allowed(True)}, True),
        ({"x": 1, "r": None}, {"x": 1, "r": {"$optional": allowed(None)}}, True),
    ],
)
def test_types_are_the_declared_ones_or_those_of_the_answer(arguments, expected, held):
    assert valid(arguments, expected) is held


def test_an_argument_may_be_missing_only_where_the_answer_says_so():
    assert valid({"x": 1}, {"x": 1, "s": {"$optional": allowed("a")}})
    assert not valid({"x": 1}, {"x": 1, "s": allowed("a")})
    assert not valid({"s": "a"}, {"x": {"$optional": 1}, "s": allowed("a")})


def test_a_default_spelled_out_is_refused():
    assert not valid({"x": 1, "limit": 10}, {"x": 1})


def test_an_argument_the_function_does_not_have_is_refused():
    assert not valid({"x": 1, "delete": True}, {"x": 1})


def test_allowed_values_of_objects_are_read_one_level_deep():
    one = {"x": 1, "o": allowed({"a": allowed(1, 2), "c": {"$optional": allowed(3)}})}
    assert valid({"x": 1, "o": {"a": 2}}, one)
    assert not valid({"x": 1, "o": {"a": 3}}, one)
    assert not valid({"x": 1, "o": {"a": 2, "d": 1}}, one)
    two = {"x": 1, "o": allowed({"p": {"q": allowed(1)}})}
    assert not valid({"x": 1, "o": {"p": {"q": 1}}}, two)


def test_each_expected_call_takes_the_first_that_passes():
    """Greedy: allowed [1, 2] and [1], calls 1 and 2."""
    expected = [expect("f", {"x": allowed(1, 2)}), expect("f", {"x": allowed(1)})]
    assert verdict([call("f", {"x": 1}), call("f", {"x": 2})], expected).value == 0
    assert verdict([call("f", {"x": 2}), call("f", {"x": 1})], expected).value == 1
    assert verdict([call("f", {"x": 1}), call("f", {"x": 2})], expected, preset="traceeval").value == 1


def test_the_number_of_calls_has_to_be_right():
    found = verdict([call("f", {"x": 1}), call("g", {})], [expect("f", {"x": 1})])
    assert (found.value, found.why) == (0, "bfcl: wrong_count: 2 calls, 1 expected (parity only)")


def test_it_is_labelled_wherever_it_is_shown():
    assert verdict([call("f", {"x": 1})], [expect("f", {"x": 1})]).why == "bfcl: valid (parity only)"


@pytest.mark.parametrize("arguments", [None, [1], "x"])
def test_arguments_that_are_no_object_never_raise(arguments):
    """bfcl-eval 2026.3.23: TypeError."""
    assert verdict([call("f", arguments, raw="{")], [expect("f", {"x": 1})]).value == 0


def test_another_preset_is_refused():
    assert verdict([], [], preset="gorilla").why.startswith("unknown_preset: 'gorilla'")
