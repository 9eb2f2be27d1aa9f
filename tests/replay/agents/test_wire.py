"""Every message of the protocol: what it becomes in the trace, and what is answered."""

import json

import pytest

from traceeval.model import Kind
from traceeval.model.scenario import Budget
from traceeval.replay._clock import Clock
from traceeval.replay._events import Reply, Stopped
from traceeval.replay._recorder import Recorder
from traceeval.replay._session import Session
from traceeval.replay.agents._wire import BadAgent, converse
from traceeval.replay.tools._functions import Functions


class Patient:
    """A user who says "Go on." twice."""

    left = 2

    def first(self):
        return "Hello."

    def reply(self, said, calls):
        self.left -= 1
        return Reply(text="Go on." if self.left >= 0 else None)


def add(a: int, b: int = 1) -> int:
    """Add."""
    return a + b


def talk(*messages, budget=None):
    """(spans, answers) of a conversation in which the agent sends these messages."""
    spans, answers = [], []
    recorder = Recorder(Clock(), spans.append, most=100_000)
    session = Session(Patient(), Functions([add]), recorder, budget or Budget(), lambda note: None)
    session.begin()
    heard = (json.dumps(one).encode() for one in messages)
    try:
        converse(session, heard, lambda data: answers.append(json.loads(data)))
    except Stopped as stop:
        answers.append(str(stop))
    return spans, answers


END = {"type": "end"}


def test_the_start_has_the_conversation_and_the_tools():
    _, (start,) = talk(END)
    assert start["messages"] == [{"role": "user", "content": "Hello."}]
    assert [tool["name"] for tool in start["tools"]] == ["add"]
    assert start["tools"][0]["parameters"]["properties"]["b"] == {"default": 1, "type": "integer"}


def test_a_call_is_answered_under_its_id():
    spans, answers = talk({"type": "call", "id": "x", "name": "add", "args": {"a": 2}}, END)
    assert answers[1] == {"type": "result", "id": "x", "text": "3"}
    assert [span.kind for span in spans] == [Kind.HUMAN, Kind.MODEL, Kind.TOOL]


def test_arguments_may_come_as_the_text_a_model_wrote():
    _, answers = talk(
        {"type": "call", "name": "add", "args": '{"a": 2, "b": 3}'}, {"type": "call", "name": "add", "args": "[1"}, END
    )
    assert answers[1]["text"] == "5"
    assert answers[2] == {
        "type": "result",
        "id": None,
        "text": "the arguments are no JSON object",
        "error": "invalid_arguments",
    }


def test_several_calls_of_one_message_are_one_batch():
    calls = [{"type": "call", "id": "x", "name": "add", "args": {"a": n}} for n in (1, 2)]
    spans, answers = talk({"type": "calls", "calls": calls, "text": "Both."}, END)
    assert [answer["text"] for answer in answers[1:]] == ["2", "3"]
    message = spans[1]
    assert message.body.output.content == "Both."
    assert {span.body.requested_by for span in spans[2:]} == {message.id}
    assert len({span.body.call_id for span in spans[2:]}) == 2


def test_words_hand_the_turn_over_until_the_user_is_done():
    _, answers = talk(*[{"type": "say", "text": "Well."}] * 5)
    assert [answer["type"] for answer in answers] == ["start", "user", "user", "stop"]


def test_plans_handoffs_usage_retrievals_and_prompts_reach_the_trace():
    spans, _ = talk(
        {"type": "plan", "text": "First add."},
        {"type": "handoff", "to": "adder"},
        {"type": "retrieval", "query": "sums", "hits": [{"doc": "d1", "rank": 1, "text": "1 + 1 = 2"}]},
        {"type": "usage", "usage": {"input": 7, "output": 2}},
        {"type": "prompt", "messages": [{"role": "system", "content": "Add."}]},
        {"type": "say", "text": "2"},
        END,
    )
    plan, search, words = spans[1:4]
    assert (plan.kind, plan.body.output.content) == (Kind.PLAN, "First add.")
    assert (search.kind, search.agent, search.body.hits[0].doc) == (Kind.RETRIEVAL, "adder", "d1")
    assert (words.usage.input, words.body.messages[0].content) == (7, "Add.")
    assert search.id in words.reads


@pytest.mark.parametrize(
    ("budget", "says"),
    [
        (Budget(calls=1), "budget.calls: more than 1"),
        (Budget(steps=3), "budget.steps: more than 3"),
        (Budget(tokens=5), "budget.tokens: more than 5"),
        (Budget(cost_usd=0.5), "budget.cost_usd: more than 0.5"),
    ],
)
def test_what_a_trial_may_use_is_counted(budget, says):
    usage = {"type": "usage", "usage": {"input": 6, "cost": 1.0}}
    _, answers = talk(*[usage, {"type": "call", "name": "add", "args": {"a": 1}}] * 2, END, budget=budget)
    assert answers[-1] == says


def test_words_without_end_are_cut_off():
    _, answers = talk({"type": "plan", "text": "x" * 60_000}, {"type": "plan", "text": "x" * 60_000}, END)
    assert answers[-1].startswith("the trial wrote more than its budget.output_mb")


@pytest.mark.parametrize(
    "message", [{"type": "shout"}, {"type": "call"}, [], {"type": "say", "text": 3}, {"typ": "say"}]
)
def test_anything_else_is_told_as_the_agents_failure(message):
    with pytest.raises(BadAgent, match="no message of the protocol"):
        talk(message)


def test_an_agent_that_stops_sending_has_failed():
    with pytest.raises(BadAgent, match="stopped sending"):
        talk({"type": "plan", "text": "Later."})
