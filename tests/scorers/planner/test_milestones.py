"""Weighted milestones, in order (metrics.md section 8, trajectories.md section 7.4)."""

import pytest
from tests.scorers.planner._make import PAID, TEN, looked, reading

from traceeval.model import StateSpec
from traceeval.testing import call, expect

LOOK, PAY = expect("look", {"n": 1}, id="look"), expect("pay", {"to": "A"}, id="pay", after=("look",), weight=3)


def test_every_milestone_in_order_is_one():
    assert reading("milestones", [*looked(1), PAID], [LOOK, PAY]).value == 1


def test_weights_count():
    assert reading("milestones", [PAID], [LOOK, PAY]).value == 0.75
    assert reading("milestones", looked(1), [LOOK, PAY]).value == 0.25


def test_out_of_order_only_the_heavier_of_the_two_is_reached():
    found = reading("milestones", [PAID, *looked(1)], [LOOK, PAY])
    assert (found.value, found.why) == (0.75, "not_reached: look")


def test_one_call_reaches_one_milestone():
    """tau2 ACTION: one call may satisfy several gold actions."""
    assert reading("milestones", looked(1), [LOOK, expect("look", {"n": 1})]).value == 0.5


def test_a_call_with_other_arguments_or_that_failed_reaches_nothing():
    assert reading("milestones", looked(2), [LOOK]).value == 0
    assert reading("milestones", [call("look", {"n": 1}, error="no")], [LOOK]).value == 0


def test_extra_calls_do_not_matter_here():
    assert reading("milestones", [*looked(5, 6, 7, *range(9)), PAID, PAID], TEN).value == 1


def test_none_declared_is_undefined_and_no_reference_does_not_arise():
    assert reading("milestones", [], []).status == "undefined"
    assert reading("milestones", [], [expect("look", optional=True)]).status == "undefined"
    assert reading("milestones", [], None).status == "not_applicable"


STATE = (
    StateSpec(path="orders.A1.status", value="refunded"),
    StateSpec(path="orders.A1.total", value={"$num": 5}, weight=3),
)


def test_values_of_the_final_state_are_milestones():
    state = {"orders": {"A1": {"status": "refunded", "total": 4}}}
    found = reading("milestones", [], None, reached=STATE, state=state)
    assert (found.value, found.why) == (0.25, "not_reached: orders.A1.total")


def test_calls_and_states_share_one_figure():
    state = {"orders": {"A1": {"status": "refunded", "total": 5.0}}}
    assert reading("milestones", [], [LOOK], reached=STATE, state=state).value == 0.8


def test_a_final_state_nobody_recorded_leaves_bounds():
    found = reading("milestones", looked(1), [LOOK], reached=STATE)
    assert (found.status, found.bounds) == ("failed", (pytest.approx(0.2), 1))


def test_a_bad_reference_fails_and_says_why():
    found = reading("milestones", [], None, reached=(StateSpec(path="a", value={"$num": "x"}),), state={})
    assert found.why.startswith("bad_reference: reached: a")
