"""Group chats: speakers in ``name`` or ``role``, notes in brackets, environments that run what agents write."""

import json

import pytest

from traceeval.adapters._speakers import failed, speaker_of
from traceeval.model import Kind

CHAT = {
    "id": "r1",
    "question": "How many clients get the sunset awning?",
    "mistake_agent": "Excel_Expert",
    "mistake_step": "0",
    "history": [
        {"role": "assistant", "name": "Excel_Expert", "content": "```python\nprint(3)\n```"},
        {"role": "user", "name": "Computer_terminal", "content": "exitcode: 1 (execution failed)\nTraceback"},
        {"role": "user", "name": "Checking_Expert", "content": "It seems to be 3."},
        {"role": "assistant", "name": "Excel_Expert", "content": "TERMINATE"},
    ],
}


def test_agents_are_models_and_what_runs_their_code_is_a_tool(read_bytes):
    traces, _, account = read_bytes(json.dumps(CHAT))
    trace = traces[0]
    assert [span.kind for span in trace.spans] == [Kind.AGENT, Kind.MODEL, Kind.TOOL, Kind.MODEL, Kind.MODEL]
    assert [span.agent for span in trace.spans[1:]] == ["Excel_Expert", None, "Checking_Expert", "Excel_Expert"]
    assert trace.spans[2].error is not None
    assert trace.spans[2].body.requested_by == "m1"
    assert (trace.id, trace.question, trace.answer) == ("r1", CHAT["question"], "It seems to be 3.")
    assert account.balanced


def test_what_annotators_said_never_reaches_the_trace(read_bytes):
    traces, _, _ = read_bytes(json.dumps(CHAT))
    assert "mistake" not in str(traces[0])


def test_an_addressed_message_and_a_thought_keep_their_note(read_bytes):
    chat = {
        "trajectory": [
            {"role": "human", "content": "Find the paper."},
            {"role": "Orchestrator (thought)", "content": "Initial plan"},
            {"role": "Orchestrator (-> WebSurfer)", "content": "Search for it."},
            {"role": "WebSurfer", "content": "I clicked."},
        ]
    }
    traces, _, _ = read_bytes(json.dumps(chat))
    spans = traces[0].spans[1:]
    assert [span.kind for span in spans] == [Kind.HUMAN, Kind.MODEL, Kind.MODEL, Kind.MODEL]
    assert [span.agent for span in spans] == [None, "Orchestrator", "Orchestrator", "WebSurfer"]
    assert [dict(span.attributes) for span in spans[1:]] == [{"note": "thought"}, {"handoff.to": "WebSurfer"}, {}]
    assert traces[0].question == "Find the paper."


def test_a_plain_chat_is_left_to_the_adapter_of_chats(read_bytes):
    _, _, account = read_bytes(json.dumps([{"role": "user", "content": "hi"}, {"role": "assistant", "content": "ho"}]))
    assert account.adapter == "openai" or account.format == "openai"


@pytest.mark.parametrize(
    ("message", "name", "part", "to"),
    [
        ({"role": "Orchestrator (-> FileSurfer)"}, "Orchestrator", "agent", "FileSurfer"),
        ({"role": "Orchestrator (termination condition)"}, "Orchestrator", "agent", None),
        ({"role": "user", "name": "Computer_terminal"}, "Computer_terminal", "environment", None),
        ({"role": "user_proxy"}, "user_proxy", "human", None),
        ({"role": "human"}, "human", "human", None),
        ({"role": "system"}, "system", "system", None),
        ({"role": "assistant", "name": "Terminology_Expert"}, "Terminology_Expert", "agent", None),
    ],
)
def test_speakers(message, name, part, to):
    found = speaker_of(message)
    assert (found.name, found.part, found.to) == (name, part, to)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("exitcode: 0 (execution succeeded)\nCode output: an error was handled", False),
        ("exitcode: 1 (execution failed)\n", True),
        ("Traceback (most recent call last)\n ...", True),
        ("exit code: 127", True),
        ("The word error stands in this sentence.", False),
    ],
)
def test_a_run_failed_when_its_exit_code_or_a_traceback_says_so(text, says):
    assert failed(text) is says


@pytest.mark.parametrize("broken", ['{"history": []}', '{"history": [{"role": "X"}]}', '{"history": 3}', "[]"])
def test_what_is_no_group_chat_is_refused_in_words(broken, read_bytes):
    traces, notes, _ = read_bytes(broken)
    assert not traces
    assert notes


def test_a_record_that_is_no_chat_is_said_and_the_others_are_read(read_bytes):
    traces, notes, account = read_bytes(f'{json.dumps(CHAT)}\n{{"id": "r2", "history": []}}\n')
    assert [trace.id for trace in traces] == ["r1"]
    (note,) = notes
    assert note.where.endswith("2")
    assert "messages` of named agents" in note.text
    assert account.balanced
