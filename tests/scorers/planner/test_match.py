"""The usual modes, all read output against reference (metrics.md section 8; agentevals 0.0.9 measured)."""

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.scorers.planner._make import PAID, looked, reading

from traceeval.model import ToolCall
from traceeval.testing import call, expect, model

MODES = ("strict", "unordered", "subset", "superset")


def modes(called, expected, args="exact", **options):
    return "".join(
        "FT"[int(reading("match", called, expected, options={"mode": mode, "args": args, **options}).value)]
        for mode in MODES
    )


def f(x=1, **more):
    return call("look", {"n": x, **more})


ONE = [expect("look", {"n": 1})]


@pytest.mark.parametrize(
    ("case", "called", "expected", "held"),
    [
        ("1a an error, then the same again", [call("look", {"n": 1}, error="no"), f()], ONE, "FFFT"),
        ("1b twice", [f(), f()], ONE, "FFFT"),
        ("2 nine of ten", looked(*range(9)), [expect("look", {"n": n}) for n in range(10)], "FFTF"),
        ("3 an argument too many", [f(delete=True)], ONE, "FFFF"),
        ("4 another value", [f(9)], ONE, "FFFF"),
        ("5 a write besides", [f(), PAID], ONE, "FFFT"),
        ("6 two and two", [f(), f()], ONE * 2, "TTTT"),
        ("8b an integral float", [f(1.0)], ONE, "TTTT"),
        ("8c a bool is no number", [f(True)], ONE, "FFFF"),
        ("13 nothing and nothing", [], [], "TTTT"),
        ("14 a call where none was expected", [PAID], [], "FFFT"),
        ("15 none where one was expected", [], ONE, "FFTF"),
        ("16a arguments that do not parse", [call("look", None, raw="{")], ONE, "FFFF"),
        ("17a the other order", [PAID, f()], [*ONE, expect("pay", {"to": "A"})], "FTTT"),
    ],
)
def test_the_rows_of_the_table(case, called, expected, held):
    assert modes(called, expected) == held, case


def test_8c_and_16_are_where_agentevals_says_true_or_raises():
    """agentevals 0.0.9: True == 1 in all four modes; malformed JSON raises JSONDecodeError."""
    assert modes([f(True)], ONE) == "FFFF"


def test_10_a_default_spelled_out_is_no_difference():
    """agentevals 0.0.9: False in all four modes."""
    schema = {"properties": {"n": {"type": "integer"}, "limit": {"type": "integer", "default": 10}}}
    made = ToolCall(name="look", arguments={"n": 1, "limit": 10}, result="ok", parameters=schema)
    assert modes([msgspec.structs.replace(f(), body=made)], ONE) == "TTTT"


def test_11_a_perfect_assignment_is_found():
    """agentevals 0.0.9 is greedy: unordered False, and superset flips with the order of calls."""
    expected = [expect("look", {"n": 1}), expect("look", {"n": 1, "to": "A"})]
    called = [f(to="A"), f()]
    for order in (called, called[::-1]):
        assert modes(order, expected, args="superset")[1:] == "TTT"


def test_subset_of_arguments_reads_output_against_reference():
    """agentevals 0.0.9 swaps the sides under mode subset with args superset: the meaning inverts."""
    fuller, sparser = [f(to="A")], [f()]
    reference = [expect("look", {"n": 1})]
    assert modes(fuller, reference, args="superset") == "TTTT"
    assert modes(fuller, reference, args="subset") == "FFFF"
    wide = [expect("look", {"n": 1, "to": "A"})]
    assert modes(sparser, wide, args="superset") == "FFFF"
    assert modes(sparser, wide, args="subset") == "TTTT"


def test_a_function_of_ones_own_gets_output_then_reference():
    """agentevals 0.0.9 gives it (reference, output) under mode subset."""
    seen = []

    def close(output, reference):
        seen.append((output, reference))
        return True

    assert modes([f(2)], ONE, overrides={"look": close}) == "TTTT"
    assert set(map(str, seen)) == {str(({"n": 2}, {"n": 1}))}


def test_arguments_can_be_ignored():
    assert modes([f(9)], ONE, args="ignore") == "TTTT"
    assert modes([call("look", {"n": 1}, error="no")], ONE, args="ignore") == "FFFF"


def test_only_some_fields_may_count():
    called = [call("pay", {"to": "A", "note": "x"})]
    expected = [expect("pay", {"to": "A", "note": "y"})]
    assert modes(called, expected, overrides={"pay": ["to"]}) == "TTTT"
    assert modes(called, expected, overrides={"pay": ["note"]}) == "FFFF"
    assert modes(called, expected, overrides={"pay": "ignore"}) == "TTTT"
    assert modes(called, [expect("pay", {"to": "A"})], overrides={"pay": ["to", "note"]}) == "FFFF"


def test_a_field_on_neither_side_is_a_slip():
    """agentevals 0.0.9: True."""
    found = reading("match", [f(9)], ONE, options={"overrides": {"look": ["nn"]}})
    assert (found.status, found.why) == ("failed", "unknown_field: neither calls nor reference have look.nn")


def test_narration_is_not_compared():
    """agentevals 0.0.9: one more message without calls makes strict False."""
    assert modes([model("Let me see."), f(), model("Done.")], ONE) == "TTTT"


def test_a_tool_that_failed_is_no_match_whatever_the_answer_says():
    """agentevals 0.0.9: tool ERROR then "Success!" is a strict match."""
    assert modes([call("look", {"n": 1}, error="ERROR"), model("Success!")], ONE) == "FFFF"


def test_an_inclusion_is_always_printed_with_recall_and_exact():
    """agentevals 0.0.9: empty output, subset: True; delete_all with empty reference, superset: True."""
    assert reading("match", [], ONE, options={"mode": "subset"}).why == "subset: recall 0.00, exact 0; missing look"
    assert reading("match", [PAID], [], options={"mode": "superset"}).why == "superset: recall undefined, exact 0"


def test_calls_of_one_message_have_no_order_in_strict():
    """agentevals 0.0.9: parallel and sequential emission of the same calls differ."""
    expected = [*ONE, expect("pay", {"to": "A"}), expect("list")]
    batch = [
        call("pay", {"to": "A"}, requested_by="root"),
        call("look", {"n": 1}, requested_by="root"),
        call("list", {}),
    ]
    assert modes(batch, expected) == "TTTT"


def test_strict_keeps_the_listed_order_between_messages():
    expected = [*ONE, expect("pay", {"to": "A"}), expect("list")]
    first, second = model(None, id="m1"), model(None, id="m2")
    early = [call("list", {}, requested_by="m1")]
    late = [call("pay", {"to": "A"}, requested_by="m2"), call("look", {"n": 1}, requested_by="m2")]
    assert modes([first, *early, second, *late], expected)[0] == "F"
    swapped = [
        first,
        *(msgspec.structs.replace(c, body=msgspec.structs.replace(c.body, requested_by="m1")) for c in late),
    ]
    again = [
        *swapped,
        second,
        *(msgspec.structs.replace(c, body=msgspec.structs.replace(c.body, requested_by="m2")) for c in early),
    ]
    assert modes(again, expected)[0] == "T"


def test_optional_and_repeated_calls_in_strict():
    expected = [expect("look", {"n": 1}, optional=True), expect("list", max=None), expect("pay", {"to": "A"})]
    for called, held in (
        ([f(), call("list", {}), call("list", {}), PAID], "T"),
        ([call("list", {}), PAID], "T"),
        ([f(), PAID], "F"),
        ([call("list", {}), f(), PAID], "F"),
        ([call("list", {}), PAID, call("list", {})], "F"),
    ):
        assert modes(called, expected)[0] == held


def test_unknown_modes_are_refused():
    assert reading("match", [], [], options={"mode": "loose"}).why.startswith("unknown_mode: ")


def test_without_a_reference_it_does_not_arise():
    assert reading("match", [f()], None).status == "not_applicable"


CALLS = st.lists(st.tuples(st.sampled_from(["look", "pay"]), st.integers(0, 1)), max_size=5)


@settings(max_examples=150, deadline=None)
@given(CALLS, CALLS)
def test_the_modes_imply_each_other(rows, wanted):
    called = [call(tool, {"x": x}) for tool, x in rows]
    strict, unordered, subset, superset = modes(called, [expect(tool, {"x": x}) for tool, x in wanted])
    assert unordered == ("T" if (subset, superset) == ("T", "T") else "F")
    assert strict == ("T" if rows == wanted else "F")
    assert unordered == ("T" if sorted(rows) == sorted(wanted) else "F")
