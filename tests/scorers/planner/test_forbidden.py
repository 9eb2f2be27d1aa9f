"""Calls that must never be made (trajectories.md section 7.4)."""

import pytest
from tests.scorers.planner._make import PAID, looked, reading

from traceeval.model import Forbidden
from traceeval.testing import call, model

NEVER = (Forbidden(tool="pay", args={"to": "A"}, why="A is blocked"),)


def test_a_hit_is_zero_with_its_reason_as_evidence():
    found = reading("forbidden", [*looked(1), PAID], forbidden=NEVER)
    assert (found.value, found.why) == (0, "forbidden: 1 hits: pay")
    assert [(proof.span, proof.quote) for proof in found.evidence] == [("s2", "pay: A is blocked")]


@pytest.mark.parametrize(
    "made",
    [call("pay", {"to": "A", "sum": 5}), call("pay", {"to": "A"}, error="declined"), call("pay", {"to": "A"}, None)],
)
def test_other_arguments_and_the_outcome_do_not_excuse_it(made):
    assert reading("forbidden", [made], forbidden=NEVER).value == 0


def test_other_values_and_other_tools_are_no_hit():
    assert reading("forbidden", [call("pay", {"to": "B"}), *looked(1)], forbidden=NEVER).value == 1


def test_arguments_that_do_not_parse_are_no_way_around():
    made = call("pay", None, raw='{"to": ')
    assert reading("forbidden", [made], forbidden=(Forbidden(tool="pay"),)).value == 0


def test_a_call_that_was_only_asked_for_is_no_hit():
    from traceeval.model import ToolRequest

    asked = model(None, calls=[ToolRequest(name="pay", id="c", arguments={"to": "A"})])
    assert reading("forbidden", [asked], forbidden=NEVER).value == 1


def test_an_empty_list_is_scored_and_none_does_not_arise():
    assert reading("forbidden", [PAID], forbidden=()).value == 1
    assert reading("forbidden", [PAID]).status == "not_applicable"


def test_a_bad_reference_fails_and_says_why():
    found = reading("forbidden", [PAID], forbidden=(Forbidden(tool="pay", args={"to": {"$nope": 1}}),))
    assert found.why.startswith("bad_reference: forbidden: pay: to: matcher '$nope' is unknown")
