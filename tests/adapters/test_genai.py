import json

from traceeval.model import Generation, Kind, Message, Retrieval, ToolCall


def one(otlp, read_bytes, *spans):
    (trace,), notes, _ = read_bytes(json.dumps(otlp.export(*spans)))
    return {span.name: span for span in trace.spans}, trace, notes


def chat(otlp, name="chat", parent=None, **attributes):
    return otlp.span(name, parent, **{"gen_ai.operation.name": "chat", "gen_ai.request.model": "m", **attributes})


def test_messages_of_parts_become_messages_and_tool_results_become_tool_messages(otlp, read_bytes):
    said = [
        {"role": "user", "parts": [{"type": "text", "content": "hi"}]},
        {"role": "assistant", "parts": [{"type": "tool_call", "id": "c", "name": "f", "arguments": {"a": 1}}]},
        {"role": "user", "parts": [{"type": "tool_call_response", "id": "c", "name": "f", "result": [1]}]},
    ]
    spans, trace, _ = one(
        otlp,
        read_bytes,
        chat(
            otlp,
            **{
                "gen_ai.input.messages": said,
                "gen_ai.usage.input_tokens": 7,
                "gen_ai.response.finish_reasons": ["stop"],
                "gen_ai.system_instructions": [{"type": "text", "content": "be brief"}],
                "gen_ai.output.messages": [{"role": "assistant", "parts": [{"type": "text", "content": "done"}]}],
            },
        ),
    )
    body = spans["chat"].body
    assert isinstance(body, Generation)
    assert [(m.role, m.content) for m in body.messages] == [
        ("system", "be brief"),
        ("user", "hi"),
        ("assistant", None),
        ("tool", "[1]"),
    ]
    assert body.messages[2].tool_calls[0].arguments == {"a": 1}
    assert body.messages[3].tool_call_id == "c"
    assert (body.output.content, body.finish, spans["chat"].usage.input) == ("done", "stop", 7)
    assert (trace.question, trace.answer) == ("hi", "done")


def test_old_attributes_events_and_indexed_prompts_say_the_same(otlp, read_bytes):
    new = {
        "gen_ai.input.messages": [{"role": "user", "parts": [{"type": "text", "content": "hi"}]}],
        "gen_ai.output.messages": [{"role": "assistant", "parts": [{"type": "text", "content": "yes"}]}],
    }
    old = {"gen_ai.prompt": [{"role": "user", "content": "hi"}], "gen_ai.completion": {"text": "yes"}}
    indexed = {
        "gen_ai.prompt.0.role": "user",
        "gen_ai.prompt.0.content": "hi",
        "gen_ai.completion.0.role": "assistant",
        "gen_ai.completion.0.content": "yes",
    }
    events = [
        {"name": "gen_ai.user.message", "attributes": [{"key": "content", "value": {"stringValue": "hi"}}]},
        {"name": "gen_ai.choice", "attributes": [{"key": "message", "value": {"stringValue": '{"content": "yes"}'}}]},
    ]
    bodies = [one(otlp, read_bytes, chat(otlp, **form))[0]["chat"].body for form in (new, old, indexed)]
    bodies.append(one(otlp, read_bytes, {**chat(otlp), "events": events})[0]["chat"].body)
    assert all(body == bodies[0] for body in bodies)
    assert bodies[0].messages == (Message(role="user", content="hi"),)
    assert bodies[0].output == Message(role="assistant", content="yes")


def test_without_content_a_prompt_is_not_recorded_and_says_so(otlp, read_bytes):
    spans, trace, notes = one(
        otlp,
        read_bytes,
        chat(
            otlp,
            **{
                "gen_ai.input.messages": [{"role": "user", "parts": [{"type": "text"}]}],
                "gen_ai.output.messages": [
                    {"role": "assistant", "parts": [{"type": "text"}, {"type": "tool_call", "id": "c", "name": "f"}]}
                ],
            },
        ),
    )
    body = spans["chat"].body
    assert body.messages is None
    assert (body.output.content, body.output.tool_calls[0].id, body.output.tool_calls[0].arguments) == (None, "c", None)
    assert (trace.question, trace.answer) == (None, None)
    assert "content.absent" in {note.code for note in notes}


def test_a_retrieval_takes_its_texts_from_the_tool_result_around_it(otlp, read_bytes):
    found = [{"id": "d1", "score": 0.9, "content": "one"}, {"id": "d2", "score": 0.1, "content": "two"}]
    spans, _, notes = one(
        otlp,
        read_bytes,
        otlp.span(
            "tool",
            **{
                "gen_ai.operation.name": "execute_tool",
                "gen_ai.tool.name": "search",
                "gen_ai.tool.call.arguments": {"q": "x"},
                "gen_ai.tool.call.result": found,
            },
        ),
        otlp.span(
            "find",
            "tool",
            **{
                "gen_ai.operation.name": "retrieval",
                "gen_ai.data_source.id": "index",
                "gen_ai.retrieval.documents": [{"id": "d1", "score": 0.9}],
            },
        ),
    )
    tool, search = spans["tool"].body, spans["find"].body
    assert isinstance(tool, ToolCall)
    assert (tool.name, tool.arguments) == ("search", {"q": "x"})
    assert isinstance(search, Retrieval)
    assert [(h.doc, h.score, h.text) for h in search.hits] == [("d1", 0.9, "one")]
    assert "link.inferred" in {note.code for note in notes}


def test_nothing_found_is_empty_and_nothing_recorded_is_none(otlp, read_bytes):
    spans, _, _ = one(
        otlp,
        read_bytes,
        otlp.span("root", at=0, end=9),
        otlp.span("empty", "root", **{"gen_ai.operation.name": "retrieval", "gen_ai.retrieval.documents": "[]"}),
        otlp.span("silent", "root", **{"gen_ai.operation.name": "retrieval"}),
    )
    assert spans["empty"].body.hits == ()
    assert spans["silent"].body.hits is None


def test_sums_on_agents_are_never_added(otlp, read_bytes):
    spans, _, _ = one(
        otlp,
        read_bytes,
        otlp.span(
            "agent",
            at=0,
            end=9,
            **{
                "gen_ai.operation.name": "invoke_agent",
                "gen_ai.agent.name": "a",
                "gen_ai.aggregated_usage.input_tokens": 30,
            },
        ),
        chat(otlp, parent="agent", **{"gen_ai.usage.input_tokens": 30}),
    )
    assert spans["agent"].usage is None
    assert (spans["agent"].kind, spans["agent"].agent) == (Kind.AGENT, "a")
    assert spans["chat"].usage.input == 30


def test_two_dialects_in_one_span_fill_each_other(otlp, read_bytes):
    spans, _, _ = one(
        otlp,
        read_bytes,
        chat(
            otlp,
            **{
                "openinference.span.kind": "LLM",
                "llm.input_messages.0.message.role": "user",
                "llm.input_messages.0.message.content": "hi",
                "gen_ai.usage.input_tokens": 5,
                "gen_ai.output.messages": [{"role": "assistant", "parts": [{"type": "text", "content": "yes"}]}],
            },
        ),
    )
    body = spans["chat"].body
    assert (body.messages[0].content, body.output.content, body.model) == ("hi", "yes", "m")
    assert spans["chat"].usage.input == 5


def test_messages_may_be_a_structured_attribute_or_a_list_of_json_strings(otlp, read_bytes):
    said = {"role": "user", "content": "hi"}
    fields = [{"key": key, "value": {"stringValue": value}} for key, value in said.items()]
    structured, strings = (
        {"arrayValue": {"values": [value]}}
        for value in ({"kvlistValue": {"values": fields}}, {"stringValue": json.dumps(said)})
    )
    for value in (structured, strings):
        span = chat(otlp)
        span["attributes"].append({"key": "gen_ai.input.messages", "value": value})
        assert one(otlp, read_bytes, span)[0]["chat"].body.messages == (Message(role="user", content="hi"),)
