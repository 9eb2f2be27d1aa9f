"""An agent that is not changed, between our MCP server and a proxy of its model."""

import sys
from http.client import HTTPConnection
from pathlib import Path

import pytest
from tests.replay._run import shop, trial
from tests.replay.agents._attached import callable_agent
from tests.replay.agents._endpoint import chat, endpoint

from traceeval.errors import ConfigError
from traceeval.model import Kind
from traceeval.replay.agents import open_agent
from traceeval.replay.agents._model_api import Responses
from traceeval.replay.agents._model_proxy import model_proxy

AGENT = Path(__file__).parent / "proxied_agent.py"


def proxied(tmp_path, url, *options):
    command = f"{sys.executable} {AGENT} {{config}} {{transcript}} {' '.join(options)}"
    return trial(shop(tmp_path), f"proxy:{url} {command}")


def models(found):
    return [span for span in found.trial.trace.spans if span.kind is Kind.MODEL]


def test_it_behaves_as_by_every_other_attachment(tmp_path):
    with endpoint() as url:
        found = proxied(tmp_path, url)
    assert found.trial.ended == "done", found.trial.why
    assert found.outcome.result == "pass", found.outcome.why
    (tmp_path / "plain").mkdir()
    assert found.outcome.behaviour == trial(shop(tmp_path / "plain"), callable_agent).outcome.behaviour
    assert found.trial.clock == "real"


def test_what_the_model_was_sent_and_used_is_in_the_trace(tmp_path):
    with endpoint() as url:
        found = proxied(tmp_path, url, "instructed")
    assert [span.body.messages[0].content for span in models(found)] == ["Be brief."] * 4
    assert found.outcome.tokens == 48
    assert [span.name for span in found.trial.trace.spans if span.kind is Kind.TOOL] == ["get_order", "cancel_order"]


def test_an_agent_that_wants_a_stream_gets_its_answer_as_one(tmp_path):
    with endpoint() as url:
        assert proxied(tmp_path, url, "stream").outcome.result == "pass"


def test_a_call_the_model_asked_for_and_nobody_made_is_in_the_trace(tmp_path):
    def wishful(body, path):
        answer = chat(body)
        message = answer["choices"][0]["message"]
        if message.get("tool_calls"):
            extra = {"id": "x1", "type": "function", "function": {"name": "web_search", "arguments": "{}"}}
            message["tool_calls"][0]["function"]["name"] = f"mcp__te__{message['tool_calls'][0]['function']['name']}"
            message["tool_calls"].append(extra)
        return answer

    unmade = AGENT.read_text().replace('for call in message["tool_calls"]:', 'for call in message["tool_calls"][:1]:')
    unmade = unmade.replace('"name": call["function"]["name"],', '"name": call["function"]["name"].split("__")[-1],')
    (tmp_path / "unmade.py").write_text(unmade)
    with endpoint(answer=wishful) as url:
        command = f"{sys.executable} {tmp_path / 'unmade.py'} {{config}} {{transcript}}"
        found = trial(shop(tmp_path), f"proxy:{url} {command}")
    asked = [[one.name for one in span.body.output.tool_calls] for span in models(found)]
    assert asked == [["get_order", "web_search"], [], ["cancel_order", "web_search"], []]
    assert [span.name for span in found.trial.trace.spans if span.kind is Kind.TOOL] == ["get_order", "cancel_order"]


def test_an_endpoint_that_fails_is_told_to_the_agent(tmp_path):
    with endpoint(status=500) as url:
        found = proxied(tmp_path, url)
    assert found.trial.ended == "crash"
    assert "ended with code 1" in found.trial.why


@pytest.mark.parametrize("length", [None, "-1", "x", "9000000", "9" * 5000])
def test_a_request_without_a_length_or_over_eight_megabytes_is_refused_unread(length):
    with model_proxy("http://127.0.0.1:1/v1", "k", lambda prompt, answer: None, lambda: False) as url:
        asked = HTTPConnection(url.removeprefix("http://").removesuffix("/v1"), timeout=5)
        asked.putrequest("POST", "/v1/chat/completions")
        if length is not None:
            asked.putheader("Content-Length", length)
        asked.endheaders()
        assert asked.getresponse().status == 413
        asked.close()


def test_the_key_stays_with_us(tmp_path, monkeypatch):
    seen = []
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    leaking = AGENT.read_text().replace(
        "messages = [", "assert 'sk-secret' not in str(dict(os.environ))\nmessages = [", 1
    )
    (tmp_path / "leaking.py").write_text(leaking)
    with endpoint(answer=lambda body, path: seen.append(path) or chat(body)) as url:
        command = f"{sys.executable} {tmp_path / 'leaking.py'} {{config}} {{transcript}}"
        found = trial(shop(tmp_path), f"proxy:{url} {command}")
    assert found.outcome.result == "pass", found.trial.why
    assert set(seen) == {"/v1/chat/completions"}


def test_a_budget_that_is_spent_ends_the_trial_and_nothing_more_is_passed_on(tmp_path):
    seen = []

    def endless(body, path):
        seen.append(path)
        function = {"name": "list_orders", "arguments": "{}"}
        call = {"id": f"c{len(seen)}", "type": "function", "function": function}
        return {"choices": [{"message": {"role": "assistant", "content": None, "tool_calls": [call]}}]}

    with endpoint(answer=endless) as url:
        suite = shop(tmp_path, agent={"budget": {"steps": 6, "calls": 40, "wall_s": 30, "memory_mb": 1024}})
        command = f"{sys.executable} {AGENT} {{config}} {{transcript}}"
        found = trial(suite, f"proxy:{url} {command}")
    assert found.trial.ended == "budget"
    assert len(seen) <= 4


def test_items_of_a_response_are_read_as_messages():
    items = [
        {"role": "user", "content": [{"type": "input_text", "text": "Cancel it."}]},
        {"type": "function_call", "name": "get", "arguments": '{"a": 1}', "call_id": "c1"},
        {"type": "function_call_output", "call_id": "c1", "output": "open"},
        {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "Shall I?"}]},
    ]
    found = Responses.prompt({"instructions": "Be brief.", "input": items})
    assert [(one.role, one.content, one.tool_call_id) for one in found] == [
        ("system", "Be brief.", None),
        ("user", "Cancel it.", None),
        ("assistant", None, None),
        ("tool", "open", "c1"),
        ("assistant", "Shall I?", None),
    ]
    assert [(call.name, call.arguments, call.id) for call in found[2].tool_calls] == [("get", {"a": 1}, "c1")]
    assert [one.content for one in Responses.prompt({"input": "Hello."})] == ["Hello."]


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("proxy:model python a.py {prompt}", "write proxy:URL COMMAND"),
        ("proxy:http://127.0.0.1:1/v1", "a command is needed"),
        ("proxy:http://127.0.0.1:1/v1 python a.py", "it would hear nothing"),
    ],
)
def test_what_is_written_wrong_is_told_with_the_way_out(text, hint):
    with pytest.raises(ConfigError, match=hint):
        open_agent(text)
