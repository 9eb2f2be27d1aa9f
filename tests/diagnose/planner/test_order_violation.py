from tests.diagnose._found import found, tool

from traceeval.model import ToolRequest
from traceeval.testing import call, model

CODE = "planner.order_violation"
SPECS = [
    tool("find_by_mail"),
    tool("find_by_name"),
    tool("get_profile", after=(("find_by_mail", "find_by_name"),)),
    tool("wipe", "write", after=("get_profile",)),
]


def codes(*spans):
    return [finding.severity for finding in found(CODE, *spans, specs=SPECS)]


def test_disclosure_before_identity_is_a_defect():
    assert codes(call("get_profile", {}), call("find_by_mail", {})) == [4]


def test_any_of_the_alternatives_will_do():
    assert not codes(call("find_by_name", {}), call("get_profile", {}), call("wipe", {}))


def test_a_predecessor_that_failed_is_none():
    assert codes(call("find_by_name", {}, error="nobody"), call("get_profile", {})) == [4]


def test_what_the_tool_refused_is_milder():
    assert codes(call("get_profile", {}, error="identify first")) == [2]


def test_calls_of_one_message_have_no_order():
    asked = [ToolRequest(name="get_profile", id="a"), ToolRequest(name="find_by_mail", id="b")]
    assert not codes(
        model(None, calls=asked), call("get_profile", {}, call_id="a"), call("find_by_mail", {}, call_id="b")
    )
