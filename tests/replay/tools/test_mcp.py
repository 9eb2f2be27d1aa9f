"""A stranger's MCP server as the tools of a scenario."""

import sys
from pathlib import Path

import pytest
from tests.replay._run import shop, texts, trial

SERVER = [sys.executable, str(Path(__file__).parent / "mcp_server.py")]
STATE = {"value": {"orders": {"BL-1": {"status": "open"}}, "tickets": {}}}


def agent(session):
    assert [tool.name for tool in session.tools] == ["get_order", "cancel_order"]
    session.call_tool("get_order", {"order_id": "BL-1"})
    session.call_tool("get_order", {"order_id": "BL-9"})
    session.call_tool("get_state", {})
    session.call_tool("cancel_order", {"order_id": "BL-1"})
    session.say("Order BL-1 is cancelled.")


def test_its_state_begins_as_the_scenario_says_and_is_told_at_the_end(tmp_path):
    found = trial(shop(tmp_path, tools={"command": SERVER, "state": STATE}), agent)
    assert found.trial.ended == "done", found.trial.why
    assert texts(found, "get_order") == ['{"status": "open"}', "no such order"]
    assert texts(found, "get_state") == ["there is no tool 'get_state'; there are: get_order, cancel_order"]
    assert found.outcome.changed == ('orders.BL-1.status="cancelled"',)
    assert found.outcome.result == "pass", found.outcome.why


@pytest.mark.soak
def test_a_server_that_does_not_start_is_an_error_of_the_harness(tmp_path):
    found = trial(shop(tmp_path, tools={"command": [sys.executable, "-c", "raise SystemExit(1)"]}), agent)
    assert found.outcome.result == "infra_error"
    assert "does not start" in found.outcome.why
