"""Calls against expected calls: counts, groups, order, results that arguments name, and what must not matter."""

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from traceeval.graph import ToolBook, TraceGraph, build_views
from traceeval.graph._alignment import align_calls
from traceeval.graph._matching import Match, match_calls, match_of
from traceeval.model import Partial, Reference, ToolCall, ToolSpec
from traceeval.registry import Registry, Scorer
from traceeval.testing import call, expect, trace

SPECS = {name: ToolSpec(name=name, effect="read") for name in "abcdef"} | {"w": ToolSpec(name="w", effect="write")}
SCORERS = Registry("traceeval.scorers", Scorer)


def view(called, expected, **reference):
    made = trace(*called, reference=Reference(calls=tuple(expected), **reference))
    return build_views(TraceGraph(made, ToolBook(SPECS))).calls


def classes(called, expected, **reference):
    return [one.kind for one in match_calls(view(called, expected, **reference)).calls]


def exact(called, expected, **reference):
    return SCORERS.get("tool.exact").call(view(called, expected, **reference)).value


def test_a_call_expected_two_or_three_times():
    expected = [expect("w", min=2, max=3)]
    assert [exact([call("w", {})] * n, expected) for n in range(1, 5)] == [0, 1, 1, 0]


def test_any_number_of_calls_are_matched():
    found = match_calls(view([call("a", {})] * 50, [expect("a", max=None)]))
    assert found.count("matched") == 50
    assert (found.required, found.specs) == (1, 50)


def test_one_of_a_group_is_enough_and_both_are_one_too_many():
    expected = [expect("a", any_of="g"), expect("w", any_of="g")]
    assert exact([call("a", {})], expected) == 1
    assert exact([call("w", {})], expected) == 1
    assert classes([call("a", {}), call("w", {})], expected).count("matched") == 1
    assert exact([call("a", {}), call("w", {})], expected) == exact([call("w", {}), call("w", {})], expected) == 0
    assert exact([], expected) == 0


def test_an_unfilled_optional_call_costs_nothing():
    found = SCORERS.get("tool.soft").call(view([call("a", {})], [expect("a"), expect("b", optional=True)]))
    assert found.value == 1


def test_the_second_of_two_equal_calls_saves_the_order():
    expected = [expect("b", id="b"), expect("a", after=("b",))]
    assert exact([call("a", {}), call("b", {}), call("a", {})], expected) == 1
    assert exact([call("a", {}), call("b", {})], expected) == 0


def test_a_call_by_another_agent_is_not_the_expected_one():
    expected = [expect("w", by="billing")]
    assert exact([call("w", {}, agent="billing")], expected) == 1
    assert exact([call("w", {}, agent="sales")], expected) == 0
    assert exact([call("w", {})], expected) == 1  # nobody recorded who made it


LOOK = expect("a", id="look")
PAY = expect("w", {"to": {"$ref": "look.result.account.iban"}})
FOUND = {"account": {"iban": "DE1"}}


def test_an_argument_is_bound_to_an_earlier_result():
    assert exact([call("a", {}, FOUND), call("w", {"to": "DE1"})], [LOOK, PAY]) == 1
    assert exact([call("a", {}, FOUND), call("w", {"to": "DE2"})], [LOOK, PAY]) == 0


def test_the_result_has_to_be_there_before_it_is_used():
    assert exact([call("w", {"to": "DE1"}), call("a", {}, FOUND)], [LOOK, PAY]) == 0


def test_of_several_results_the_one_that_was_used_counts():
    called = [call("a", {}, {"account": {"iban": "DE0"}}), call("a", {}, FOUND), call("w", {"to": "DE1"})]
    assert exact(called, [LOOK, PAY]) == 1
    wrong = [*called[:2], call("w", {"to": "DE9"})]
    assert exact(wrong, [LOOK, PAY]) == 0


def test_a_whole_result_that_is_no_json_is_a_text():
    pay = expect("w", {"to": {"$ref": "look.result"}})
    assert exact([call("a", {}, "DE1"), call("w", {"to": "DE1"})], [LOOK, pay]) == 1


def test_a_path_the_result_does_not_have_equals_nothing():
    assert exact([call("a", {}, {"account": {}}), call("w", {"to": None})], [LOOK, PAY]) == 0


def test_a_result_nobody_recorded_whole_decides_nothing():
    cut = call("a", {})
    cut = msgspec.structs.replace(
        cut, body=msgspec.structs.replace(cut.body, result=Partial(state="cut", value='{"acc'))
    )
    found = SCORERS.get("tool.exact").call(view([cut, call("w", {"to": "DE1"})], [LOOK, PAY]))
    assert found.status == "failed"
    assert found.why.startswith("missing_evidence: the result of a (look)")


def test_a_chain_of_results():
    middle = expect("b", {"x": {"$ref": "look.result.id"}}, id="mid")
    last = expect("w", {"y": {"$ref": "mid.result.id"}})
    called = [call("a", {}, {"id": 1}), call("b", {"x": 1}, {"id": 2}), call("w", {"y": 2})]
    assert exact(called, [LOOK, middle, last]) == 1
    assert exact([*called[:2], call("w", {"y": 1})], [LOOK, middle, last]) == 0


def test_a_result_deeper_than_python_can_walk_is_a_text():
    assert exact([call("a", {}, "[" * 5000), call("w", {"to": "DE1"})], [LOOK, PAY]) == 0


def test_more_ways_to_bind_than_are_tried_are_said():
    called = [call("a", {"n": n}, {"account": {"iban": str(n)}}) for n in range(100)] + [call("w", {"to": "99"})]
    found = match_of(view(called, [expect("a", id="look", extra="allow"), PAY]))
    assert isinstance(found, Match)
    assert not found.complete


def test_a_bad_reference_fails_and_says_why():
    found = SCORERS.get("tool.f1").call(view([], [expect("a", after=("x",))]))
    assert (found.status, found.why.partition(":")[0]) == ("failed", "bad_reference")


def test_an_argument_the_tool_requires_has_no_default():
    schema = {"properties": {"x": {"type": "integer", "default": 1}}, "required": ["x"]}
    free = {"properties": {"x": {"type": "integer", "default": 1}}}

    def missing(parameters):
        body = ToolCall(name="a", arguments={}, result="ok", parameters=parameters)
        return classes([msgspec.structs.replace(call("a", {}), body=body)], [expect("a", {"x": 1})])

    assert missing(schema) == ["missing_arg"]
    assert missing(free) == ["matched"]


@pytest.mark.parametrize("expected", [[expect("a", {"x": 1})], [expect("w", {"x": 1})] * 20])
def test_ten_thousand_equal_calls_are_classed(expected):
    name = expected[0].tool
    found = match_calls(view([call(name, {"x": 1})] * 10_000, expected))
    assert found.count("matched") == len(expected)
    assert found.count("matched", "duplicate") == 10_000


def test_ten_thousand_failures_are_classed():
    found = match_calls(view([call("a", {"x": 1}, error="no")] * 10_000, [expect("a", {"x": 1})]))
    assert found.count("failed_call") == 1
    assert found.count("unnecessary_call") == 9_999


CALLS = st.lists(st.tuples(st.sampled_from("abw"), st.integers(0, 2), st.booleans()), max_size=6)
EXPECTED = st.lists(
    st.tuples(st.sampled_from("abw"), st.integers(0, 2), st.booleans(), st.sampled_from([(), ("m0",), ("m1",)])),
    max_size=4,
)


def _expected(rows):
    return [
        expect(tool, {"x": x}, id=f"m{n}", optional=optional, after=tuple(name for name in after if name < f"m{n}"))
        for n, (tool, x, optional, after) in enumerate(rows)
    ]


def _told(called, expected):
    found = view(called, expected)
    match = match_calls(found)
    aligned = align_calls(match, found.book)
    names = ("tool.exact", "tool.f1", "tool.soft", "planner.alignment", "planner.milestones", "planner.match")
    scores = [SCORERS.get(name).call(found) for name in names]
    return [(score.status, None if score.value is None else round(score.value, 9)) for score in scores], round(
        aligned.cost, 9
    )


@settings(max_examples=150, deadline=None)
@given(CALLS, EXPECTED)
def test_renaming_ids_changes_nothing(rows, wanted):
    called = [call(tool, {"x": x}, error=None if ok else "no") for tool, x, ok in rows]
    renamed = [msgspec.structs.replace(one, id=f"z{99 - n}") for n, one in enumerate(called)]
    expected = _expected(wanted)
    other = [
        msgspec.structs.replace(spec, id=f"{spec.id}-new", after=tuple(f"{name}-new" for name in spec.after))
        for spec in expected
    ]
    assert _told(renamed, other) == _told(called, expected)


@settings(max_examples=150, deadline=None)
@given(CALLS, EXPECTED, st.randoms(use_true_random=False))
def test_reordering_a_parallel_batch_changes_nothing(rows, wanted, random):
    called = [
        call(tool, {"x": x}, error=None if ok else "no", requested_by="root", call_id=str(n))
        for n, (tool, x, ok) in enumerate(rows)
    ]
    shuffled = list(called)
    random.shuffle(shuffled)
    assert _told(shuffled, _expected(wanted))[0][2:] == _told(called, _expected(wanted))[0][2:]
