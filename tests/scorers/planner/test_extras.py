"""What happened besides: order, changes, reads (trajectories.md section 7.4)."""

import pytest
from tests.scorers.planner._make import PAID, looked, reading

from traceeval.testing import call, expect

LOOK, PAY = expect("look", {"n": 1}, id="look"), expect("pay", {"to": "A"}, after=("look",))


def test_a_call_before_what_it_had_to_follow_is_a_violation():
    found = reading("order_violations", [PAID, *looked(1)], [LOOK, PAY])
    assert (found.value, [proof.quote for proof in found.evidence]) == (1, ["pay after look"])
    assert reading("order_violations", [*looked(1), PAID], [LOOK, PAY]).value == 0


def test_of_equally_good_matches_one_without_a_violation_is_taken():
    assert reading("order_violations", [PAID, *looked(1), PAID], [LOOK, PAY]).value == 0


def test_changes_nobody_expected_are_counted():
    assert reading("extra_changes", [PAID, PAID, *looked(1, 2)], [PAY, LOOK]).value == 1


def test_a_change_with_other_arguments_was_not_expected():
    assert reading("extra_changes", [call("pay", {"to": "B"})], [PAY, LOOK]).value == 1


def test_a_change_that_failed_changed_nothing():
    assert reading("extra_changes", [call("pay", {"to": "B"}, error="no")], [PAY, LOOK]).value == 0


def test_an_unknown_effect_leaves_bounds():
    found = reading("extra_changes", [call("odd", {}), PAID], [])
    assert (found.status, found.bounds) == ("failed", (1, 2))


@pytest.mark.parametrize(
    ("called", "cost"),
    [(looked(1), 0), (looked(1, 1, 2), 2), ([*looked(1), call("add", {}), call("add", {})], 0.4), ([PAID], 0)],
)
def test_reads_nobody_needed_cost_one_and_pure_calls_a_fifth(called, cost):
    assert reading("extra_read_cost", called, [LOOK]).value == pytest.approx(cost)
