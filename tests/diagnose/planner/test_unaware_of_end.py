from tests.diagnose._found import found

from traceeval.testing import call, model, user

CODE = "planner.unaware_of_end"
LATE = call("get_order", {"id": "A"})


def test_a_call_after_the_marker_is_a_defect():
    (finding,) = found(CODE, user("Bye ###STOP###"), LATE)
    assert finding.severity == 2
    assert found(CODE, user("go"), model("TERMINATE"), LATE)


def test_a_call_after_the_transfer_is_a_defect():
    assert found(CODE, user("go"), call("transfer_to_human_agents", {}, "ok"), LATE)


def test_a_transfer_that_failed_ended_nothing():
    assert not found(CODE, user("go"), call("transfer_to_human_agents", {}, error="nobody there"), LATE)


def test_cleaning_up_is_none():
    assert not found(CODE, user("Bye ###STOP###"), call("close_session", {}))


def test_a_new_turn_is_a_new_start():
    assert not found(CODE, user("Bye ###STOP###"), user("One more thing"), LATE)


def test_a_call_before_the_end_is_none():
    assert not found(CODE, LATE, user("Bye ###STOP###"))
