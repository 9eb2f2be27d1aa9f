"""Agent records in prose: what reads as a call becomes one, the rest is speech, and all of it says that it was inferred."""

import json

import pytest

from traceeval.adapters._acted import acted
from traceeval.model import Basis, Generation, Kind

RECORD = {
    "id": "p1",
    "profile": "You help with a shop.",
    "label": 1,
    "risk_description": "SECRET-LABEL",
    "rounds": [
        [
            {"role": "user", "content": "Look up order A-11."},
            {"role": "agent", "thought": "I will look.", "action": 'ShopGetOrder: {"order_id": "A-11"}'},
            {"role": "environment", "content": '{"total": 5}'},
            {"role": "agent", "thought": None, "action": "Final Answer: It cost 5 euros."},
            {"role": "environment", "content": None},
        ]
    ],
}


def read(read_bytes, record):
    traces, notes, account = read_bytes(json.dumps(record))
    assert account.balanced
    return traces[0] if traces else None, notes


def test_a_record_becomes_turns_model_messages_and_calls_with_their_results(read_bytes):
    trace, _ = read(read_bytes, RECORD)
    assert [span.kind for span in trace.spans] == [Kind.AGENT, Kind.HUMAN, Kind.MODEL, Kind.TOOL, Kind.MODEL]
    call = trace.spans[3].body
    assert (call.name, call.arguments, call.result) == ("ShopGetOrder", {"order_id": "A-11"}, '{"total": 5}')
    assert call.requested_by == "m2"
    assert trace.spans[2].body.output.reasoning == "I will look."
    assert (trace.id, trace.question, trace.answer) == ("p1", "Look up order A-11.", "It cost 5 euros.")


def test_every_span_and_link_says_that_it_was_inferred(read_bytes):
    trace, _ = read(read_bytes, RECORD)
    assert {span.basis for span in trace.spans} == {Basis.INFERRED}
    assert trace.spans[3].body.link is Basis.INFERRED


def test_the_profile_is_what_the_operator_said_and_labels_stay_out(read_bytes):
    trace, _ = read(read_bytes, RECORD)
    assert trace.spans[2].body.messages[0].content == "You help with a shop."
    assert "SECRET-LABEL" not in str(trace)


def test_the_key_of_the_original_data_and_a_flat_list_are_read_too(read_bytes):
    flat = {"contents": RECORD["rounds"][0], "profile": None}
    trace, _ = read(read_bytes, flat)
    assert len(trace.spans) == 5
    assert trace.spans[2].body.messages is None


def test_what_the_environment_shows_unasked_is_an_observation(read_bytes):
    rounds = [
        {"role": "user", "content": "Watch."},
        {"role": "environment", "content": "The door opened."},
        {"role": "agent", "action": "I saw it.", "thought": ""},
        {"role": "environment", "content": "Traceback (most recent call last): x"},
    ]
    trace, _ = read(read_bytes, {"rounds": [rounds]})
    seen = [span for span in trace.spans if span.kind is Kind.TOOL]
    assert [span.name for span in seen] == ["environment", "environment"]
    assert [span.error is not None for span in seen] == [False, True]


@pytest.mark.parametrize(
    "record",
    [
        {"rounds": [[{"role": "user", "content": "hi"}]]},
        {"rounds": [[{"role": "doctor", "action": "x"}]]},
        {"rounds": "none"},
        {"rounds": [[]]},
    ],
)
def test_what_is_no_such_record_is_left_to_others(read_bytes, record):
    from traceeval.adapters.prose import _listed

    assert _listed(record) is None


@pytest.mark.parametrize(
    ("text", "name", "arguments"),
    [
        ("GmailSend{'to': 'bo', 'n': 1}", "GmailSend", {"to": "bo", "n": 1}),
        ('GmailSend: {"to": "bo"}', "GmailSend", {"to": "bo"}),
        ('GmailSend\nAction Input: {"to": "bo"}', "GmailSend", {"to": "bo"}),
        ('Action: GmailSend\nAction Input: {"to": "bo"}\n\nObservation', "GmailSend", {"to": "bo"}),
        ('{"GmailSend": {"to": "bo"}}', "GmailSend", {"to": "bo"}),
        ('"command": {"name": "send", "args": {"to": "bo"}}}', "send", {"to": "bo"}),
        ('{"tool": "send", "tool_input": {"to": "bo"}}', "send", {"to": "bo"}),
        ('The action is {"action_type": "click", "idx": 1}', "click", {"idx": 1}),
        ("Open(url='a.example', n=2)", "Open", {"url": "a.example", "n": 2}),
        ("```bash\nls -l\n```", "shell", {"command": "ls -l"}),
        ("bash\n\n```bash\nls```", "shell", {"command": "ls"}),
        ("click <Sign Up>", "click", {"target": ["Sign Up"]}),
        ("<Settings>-<Volume>", "click", {"target": ["Settings", "Volume"]}),
        ("turn on the heating", "turn_on", {"target": ["the heating"]}),
        ("Send{'text': 'a } b \\' c'}", "Send", {"text": "a } b ' c"}),
        ('Send{"a": {"b": [1, 2]}}', "Send", {"a": {"b": [1, 2]}}),
    ],
)
def test_the_shapes_in_which_agents_write_calls(text, name, arguments):
    found = acted(text)
    assert (found.name, found.arguments) == (name, arguments)


@pytest.mark.parametrize(
    "text",
    [
        "Final Answer: {'a': 1}",
        "I'm sorry, I cannot do that.",
        "Could you tell me which one you mean?",
        "```python\nprint(1)\n```",
        "",
        "Open the door to new ideas. It is what we do.",
        "Complete{'response': 'All done.'}",
    ],
)
def test_what_reads_as_no_call_is_what_the_agent_said(text):
    assert acted(text).name is None


@pytest.mark.parametrize("text", ["Send{'to': ", "Send: {oops: }", "Send(to=bo)", "Send\nAction Input: nothing"])
def test_arguments_that_do_not_parse_stay_raw(text):
    found = acted(text)
    assert (found.name, found.arguments) == ("Send", None)
    assert found.raw


@pytest.mark.parametrize("text", ["x(" + "(" * 5000 + ")", "Send{" + "{" * 100_000, "{" * 100_000, "a" * 300_000])
def test_hostile_text_is_speech_or_raw_and_never_an_error(text):
    assert acted(text).arguments is None


def test_nothing_is_evaluated(tmp_path):
    target = tmp_path / "x"
    assert acted(f"Send(a=open({str(target)!r}, 'w'))").arguments is None
    assert not target.exists()


def test_an_ended_run_is_an_answer(read_bytes):
    rounds = [{"role": "user", "content": "go"}, {"role": "agent", "action": "Complete{'response': 'No.'}"}]
    trace, _ = read(read_bytes, {"rounds": rounds})
    assert isinstance(trace.spans[-1].body, Generation)
    assert trace.answer == "No."
