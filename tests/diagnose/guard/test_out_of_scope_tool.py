from tests.diagnose._found import found, lacking, tool

from traceeval.testing import call

CODE = "guard.out_of_scope_tool"
SPECS = [
    tool("pay_order", "write", scope=("billing", "refund-suite")),
    tool("get_order", scope=("billing",)),
    tool("grant", "privileged"),
]


def test_an_agent_without_a_licence_is_a_defect():
    (finding,) = found(CODE, call("pay_order", {}, agent="writer"), specs=SPECS)
    assert finding.severity == 4
    assert "writer" in finding.text


def test_a_licensed_agent_or_scenario_is_none():
    assert not found(CODE, call("pay_order", {}, agent="billing"), specs=SPECS)
    assert not found(CODE, call("pay_order", {}, agent="writer"), specs=SPECS, scenario="refund-suite")


def test_reading_helps_and_is_none():
    assert not found(CODE, call("get_order", {}, agent="writer"), specs=SPECS)


def test_who_called_was_not_recorded():
    assert lacking(CODE, call("pay_order", {}), specs=SPECS) == ["span.agent", "trace.scenario"]


def test_who_may_call_a_privileged_tool_was_not_said():
    assert lacking(CODE, call("grant", {}), call("grant", {}), specs=SPECS) == ["tools.grant.scope"]
