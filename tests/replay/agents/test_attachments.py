"""The same agent by every way of attaching it: one behaviour."""

import socket
import sys
from pathlib import Path

import pytest
from tests.replay._run import shop, trial
from tests.replay.agents._attached import async_agent, callable_agent
from tests.replay.agents._endpoint import endpoint

from traceeval.replay.sandbox import Walls

HERE = Path(__file__).parent
STEPS = ["user", "agent", "get_order", "agent", "user", "agent", "cancel_order", "agent"]


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    return trial(shop(tmp_path_factory.mktemp("plain")), callable_agent)


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def same(found, plain) -> None:
    assert found.trial.ended == "done", found.trial.why
    assert found.outcome.result == "pass", found.outcome.why
    assert found.outcome.behaviour == plain.outcome.behaviour


def test_a_callable_is_recorded_span_by_span(plain):
    assert [span.name for span in plain.trial.trace.spans[1:]] == STEPS
    assert plain.trial.clock == "virtual"
    assert plain.outcome.result == "pass"


def test_an_async_callable_behaves_the_same(tmp_path, plain):
    same(trial(shop(tmp_path), async_agent), plain)


def test_a_named_callable_behaves_the_same(tmp_path, plain):
    same(trial(shop(tmp_path), "tests.replay.agents._attached:callable_agent"), plain)


def test_a_graph_behaves_the_same(tmp_path, plain):
    same(trial(shop(tmp_path), "langchain:tests.replay.agents._graph:graph_agent"), plain)


@pytest.mark.parametrize("api", ["chat", "responses"])
def test_a_model_behind_an_endpoint_behaves_the_same(tmp_path, plain, api):
    with endpoint() as url:
        found = trial(shop(tmp_path), f"openai:model=scripted,base_url={url},api={api}")
    same(found, plain)
    assert found.trial.sandbox == "none"
    assert found.trial.clock == "real"
    assert found.outcome.tokens == 48


def test_a_subprocess_behaves_the_same(tmp_path, plain):
    found = trial(shop(tmp_path), f"stdio:{sys.executable} {HERE / 'stdio_agent.py'}")
    same(found, plain)
    assert found.trial.clock == "real"


def test_a_server_of_events_behaves_the_same(tmp_path, plain):
    port = free_port()
    command = f"{sys.executable} {HERE / 'http_agent.py'} {port}"
    same(trial(shop(tmp_path), f"http:http://127.0.0.1:{port}/agent {command}"), plain)


def test_an_agent_that_runs_once_a_turn_behaves_the_same(tmp_path, plain):
    command = f"{sys.executable} {HERE / 'socket_agent.py'} {{config}} {{transcript}}"
    same(trial(shop(tmp_path), f"mcp:{command}"), plain)


@pytest.mark.soak
def test_an_unchanged_agent_at_our_mcp_server_behaves_the_same(tmp_path, plain):
    command = f"{sys.executable} {HERE / 'mcp_agent.py'} {{config}} {{transcript}}"
    same(trial(shop(tmp_path), f"mcp:{command}"), plain)


def test_an_endpoint_that_fails_is_no_failure_of_the_agent(tmp_path):
    with endpoint(status=400) as url:
        found = trial(shop(tmp_path), f"openai:model=scripted,base_url={url}")
    assert found.outcome.result == "infra_error"
    assert "endpoint" in found.outcome.why


def test_another_behaviour_has_another_hash(tmp_path, plain):
    def other(session):
        session.call_tool("get_order", {"order_id": "BL-2"})
        callable_agent(session)

    assert trial(shop(tmp_path), other).outcome.behaviour != plain.outcome.behaviour


def test_a_demanded_sandbox_that_an_endpoint_makes_impossible_is_refused(tmp_path):
    from traceeval.errors import ConfigError

    with pytest.raises(ConfigError, match="out of reach"):
        trial(shop(tmp_path), "openai:model=m,base_url=http://127.0.0.1:1/v1", walls=Walls(wanted="netns"))
