import json

import pytest

from traceeval.model import Basis, Kind

TOOL = {"type": "function", "function": {"name": "f", "description": "does", "parameters": {"type": "object"}}}


def asking(*calls):
    made = [{"id": id_, "type": "function", "function": {"name": name, "arguments": args}} for id_, name, args in calls]
    return {"role": "assistant", "content": None, "tool_calls": made}


def test_lines_of_conversations_with_tools(read_bytes):
    row = {
        "id": "c1",
        "model": "m",
        "tools": [TOOL],
        "messages": [
            {"role": "user", "content": [{"type": "text", "text": "go"}]},
            asking(("a", "f", '{"x": 1}')),
            {"role": "tool", "tool_call_id": "a", "content": "ok"},
            {"role": "assistant", "content": "done"},
        ],
    }
    traces, notes, account = read_bytes("\n".join(json.dumps({**row, "id": id_}) for id_ in ("c1", "c2")))
    trace = traces[0]
    assert [one.id for one in traces] == ["c1", "c2"]
    assert [span.kind for span in trace.spans] == [Kind.AGENT, Kind.HUMAN, Kind.MODEL, Kind.TOOL, Kind.MODEL]
    call = trace.spans[3].body
    assert (call.arguments, call.result, call.link, call.parameters) == (
        {"x": 1},
        "ok",
        Basis.OBSERVED,
        {"type": "object"},
    )
    assert trace.spans[4].reads == (trace.spans[3].id,)
    assert [message.content for message in trace.spans[4].body.messages] == ["go", None, "ok"]
    assert (trace.question, trace.answer, trace.system.model) == ("go", "done", "m")
    assert notes == []
    assert account.kept == {"record": 2, "span": 10, "message": 8}


def test_results_without_an_id_are_paired_by_order_within_the_turn(read_bytes):
    said = [
        {"role": "user", "content": "go"},
        asking((None, "f", "{}"), (None, "f", '{"n": 2}'), (None, "f", "{}")),
        {"role": "function", "name": "f", "content": "one"},
        {"role": "function", "name": "f", "content": "two"},
        {"role": "user", "content": "more"},
        {"role": "function", "name": "f", "content": "stray"},
    ]
    (trace,), notes, _ = read_bytes(json.dumps(said))
    first, second, stray = [span.body for span in trace.spans if span.kind is Kind.TOOL]
    assert (first.arguments, second.arguments, first.link) == ({}, {"n": 2}, Basis.INFERRED)
    assert stray.requested_by is None
    assert sorted(note.code for note in notes) == ["link.inferred", "link.inferred", "link.missing"]


def test_arguments_that_do_not_parse_stay_raw(read_bytes):
    said = [{"role": "user", "content": "go"}, asking(("a", "f", '{"x": '))]
    (trace,), _, _ = read_bytes(json.dumps(said))
    (request,) = trace.spans[2].body.output.tool_calls
    assert (request.arguments, request.raw) == (None, '{"x": ')


def test_python_literals_in_arguments_are_data_and_never_run(read_bytes):
    said = [{"role": "user", "content": "go"}, asking(("a", "f", "{'x': 1}"), ("b", "f", "{'x': __import__('os')}"))]
    (trace,), _, _ = read_bytes(json.dumps(said))
    first, second = trace.spans[2].body.output.tool_calls
    assert first.arguments == {"x": 1}
    assert (second.arguments, second.raw) == (None, "{'x': __import__('os')}")


def test_the_same_conversation_has_the_same_id_wherever_it_stands(read_bytes):
    said = [{"role": "user", "content": "go"}, {"role": "assistant", "content": "done"}]
    (alone,), _, _ = read_bytes(json.dumps(said))
    (listed, _), _, _ = read_bytes(json.dumps([said, [{"role": "user", "content": "other"}]]))
    (lined,), _, _ = read_bytes(json.dumps({"messages": said}) + "\n")
    assert alone.id == listed.id == lined.id


@pytest.mark.parametrize("row", [{"messages": [{"role": "user"}]}, {"messages": "x"}, [], {"spans": []}])
def test_what_is_no_conversation_is_told(read_bytes, row):
    good = json.dumps({"messages": [{"role": "user", "content": "go"}]})
    traces, notes, account = read_bytes(f"{good}\n{json.dumps(row)}\n")
    assert len(traces) == 1
    assert account.dropped == {"record.skipped": 1}
    assert [note.level for note in notes] == ["error"]


def test_items_of_the_responses_api_are_refused_not_half_read(read_bytes):
    items = [
        {"role": "user", "content": "go"},
        {"type": "function_call", "call_id": "a", "name": "f", "arguments": "{}"},
    ]
    traces, notes, _ = read_bytes(json.dumps(items))
    assert traces == []
    assert [note.level for note in notes] == ["error"]


def test_the_prompts_of_a_long_conversation_do_not_grow_with_its_square(read_bytes, monkeypatch):
    from traceeval.adapters import _conversation
    from traceeval.model import canonical_bytes

    def size(turns):
        said = [{"role": role, "content": f"{n} " * 50} for n in range(turns) for role in ("user", "assistant")]
        traces, notes, _ = read_bytes(json.dumps({"id": "c", "messages": said}))
        return traces[0], notes, len(canonical_bytes(traces[0]))

    monkeypatch.setattr(_conversation, "_PROMPTS", 20_000)
    trace, notes, small = size(100)
    _, _, large = size(400)
    assert large < 5 * small
    prompts = [span.body.messages for span in trace.spans if span.kind is Kind.MODEL]
    assert [len(prompt) for prompt in prompts[:3]] == [1, 3, 5]
    assert prompts[50] is None
    assert len(prompts[-1]) == 199
    assert [note.code for note in notes or trace.diagnostics] == ["content.absent"]
