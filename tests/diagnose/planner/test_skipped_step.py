import msgspec
from tests.diagnose._found import found

from traceeval.model import Kind
from traceeval.testing import call, model, user

CODE = "planner.skipped_step"


def plan(text):
    return msgspec.structs.replace(model(text), kind=Kind.PLAN)


PLAN = "1. Look it up with get_order\n2. Settle it with pay_order\n3. Write a friendly note"


def test_a_planned_tool_that_was_never_called_is_a_defect():
    (finding,) = found(CODE, user("go"), plan(PLAN), call("get_order", {}), model("Done."))
    assert "pay_order" in finding.text
    quote = finding.evidence[0]
    assert PLAN[quote.start : quote.end] == quote.quote == "Settle it with pay_order"


def test_a_plan_that_was_carried_out_is_none():
    assert not found(CODE, plan(PLAN), call("get_order", {}), call("pay_order", {}), model("Done."))


def test_a_step_that_was_called_off_with_a_reason_is_none():
    said = model("I will skip pay_order, the order is settled already.")
    assert not found(CODE, plan(PLAN), call("get_order", {}), said)


def test_a_new_plan_replaces_the_old():
    assert not found(CODE, plan(PLAN), plan("1. Look it up with get_order"), call("get_order", {}), model("Done."))


def test_without_a_plan_there_is_nothing_to_skip():
    assert not found(CODE, user("go"), model("1. pay_order"), call("get_order", {}))
