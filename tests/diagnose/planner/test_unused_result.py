from tests.diagnose._found import found, tool

from traceeval.testing import call, model, user

CODE = "planner.unused_result"
PAID = [tool("buy_report", cost=2.5, arg_roles={"id": "resource"}), tool("get_order", arg_roles={"id": "resource"})]


def test_a_paid_result_that_flows_nowhere_is_noted():
    (finding,) = found(
        CODE, user("X-1"), call("buy_report", {"id": "X-1"}, "grade BBB-7"), model("I cannot say."), specs=PAID
    )
    assert finding.severity == 1


def test_a_value_in_the_answer_or_a_later_call_is_use():
    report = call("buy_report", {"id": "X-1"}, "see Z-9999")
    assert not found(CODE, user("X-1"), report, model("It says Z-9999."), specs=PAID)
    assert not found(CODE, user("X-1"), report, call("get_order", {"id": "Z-9999"}), model("Done."), specs=PAID)


def test_what_costs_nothing_may_be_read_in_vain():
    assert not found(CODE, user("X-1"), call("get_order", {"id": "X-1"}, "grade BBB-7"), model("Done."), specs=PAID)


def test_an_empty_result_informs():
    assert not found(CODE, user("X-1"), call("buy_report", {"id": "X-1"}, "[]"), model("Nothing."), specs=PAID)
