import msgspec
from tests.diagnose._found import found, lacking

from traceeval.model import ToolOffer, ToolRequest
from traceeval.testing import call, model, user

CODE = "tool.unknown_tool"


def offering(names, asked, id="m"):
    span = model(None, calls=[ToolRequest(name=asked, id=f"c-{id}", arguments={})], id=id)
    body = msgspec.structs.replace(span.body, tools=tuple(ToolOffer(name=name) for name in names))
    return msgspec.structs.replace(span, body=body)


def test_a_tool_nobody_offered_is_a_defect():
    (finding,) = found(CODE, user("go"), offering(["get_order"], "read_order"), call("read_order", {}, call_id="c-m"))
    assert finding.severity == 3
    assert "read_order" in finding.text


def test_a_tool_on_offer_is_none():
    assert not found(CODE, offering(["get_order"], "get_order"), call("get_order", {}, call_id="c-m"))


def test_a_namespace_and_case_do_not_count():
    assert not found(CODE, offering(["shop.getOrder"], "get-order"), call("get-order", {}, call_id="c-m"))


def test_the_list_may_change_from_step_to_step():
    spans = [
        offering(["get_order"], "get_order", "a"),
        call("get_order", {}, call_id="c-a"),
        offering(["pay_order"], "get_order", "b"),
        call("get_order", {}, call_id="c-b"),
    ]
    assert len(found(CODE, *spans)) == 1


def test_a_later_call_of_an_offered_tool_repairs_it():
    spans = [
        offering(["get_order"], "read_order", "a"),
        call("read_order", {}, error="no such tool", call_id="c-a"),
        offering(["get_order"], "get_order", "b"),
        call("get_order", {}, call_id="c-b"),
    ]
    (finding,) = found(CODE, *spans)
    assert (finding.repaired, finding.severity) == (True, 1)


def test_without_offers_nobody_knows():
    assert lacking(CODE, call("get_order", {})) == ["generation.tools"]
    assert not lacking(CODE, user("hello"))
