"""The behaviour hash: what an agent did, not when, nor under which ids."""

import pytest
from msgspec.structs import replace

from traceeval.model import (
    Fault,
    Generation,
    Kind,
    Message,
    Span,
    ToolCall,
    ToolOffer,
    ToolRequest,
    Trace,
    Usage,
    behaviour_hash,
)


def trace(prefix="s", call="call-1", **changes):
    spans = (
        Span(id=f"{prefix}0", kind=Kind.AGENT, name="agent", seq=0),
        Span(
            id=f"{prefix}1",
            parent=f"{prefix}0",
            kind=Kind.MODEL,
            name="agent",
            seq=1,
            body=Generation(
                output=Message(role="assistant", tool_calls=(ToolRequest(name="get", id=call, arguments={"a": 1}),))
            ),
        ),
        Span(
            id=f"{prefix}2",
            parent=f"{prefix}0",
            kind=Kind.TOOL,
            name="get",
            seq=2,
            reads=(f"{prefix}1",),
            body=ToolCall(name="get", arguments={"a": 1}, result="5", call_id=call, requested_by=f"{prefix}1"),
        ),
    )
    return replace(Trace(id="t", schema_version="traceeval/1", spans=spans, question="q", answer="a"), **changes)


def changed(place, **fields):
    one = trace()
    spans = list(one.spans)
    spans[place] = replace(spans[place], **fields)
    return replace(one, spans=tuple(spans))


REQUEST = ToolRequest(name="get", id="call-1", arguments={"a": 1})
CONVERSATION = (
    Message(role="assistant", content="", tool_calls=(REQUEST,)),
    Message(role="tool", content="5", tool_call_id="call-1", name="get"),
)


def talk(prompt=None):
    """The same with a last word, written with this prompt."""
    body = Generation(output=Message(role="assistant", content="It is 5."), messages=prompt)
    last = Span(id="s3", parent="s0", kind=Kind.MODEL, name="agent", seq=3, body=body)
    return replace(trace(), spans=(*trace().spans, last))


PLAIN = behaviour_hash(trace())


@pytest.mark.parametrize(
    "other",
    [
        trace(prefix="other-", call="toolu_9"),
        trace(id="u", trial="x", tags=("y",)),
        changed(1, start=3.0, end=4.0, usage=Usage(input=5), attributes={"x": 1}),
        replace(trace(), spans=tuple(reversed(trace().spans))),
        replace(trace(), spans=(*trace().spans, Span(id="p", kind=Kind.OTHER, seq=9, plumbing=True))),
    ],
    ids=["ids", "trace", "times", "order of lines", "plumbing"],
)
def test_what_is_no_behaviour_does_not_count(other):
    assert behaviour_hash(other) == PLAIN


@pytest.mark.parametrize(
    "other",
    [
        trace(answer="b"),
        trace(state={"x": 1}),
        changed(2, body=replace(trace().spans[2].body, result="6")),
        changed(2, body=replace(trace().spans[2].body, arguments={"a": 2})),
        changed(2, error=Fault(type="timeout")),
        changed(2, name="put"),
        changed(2, reads=()),
        changed(2, seq=0.5),
        changed(1, body=replace(trace().spans[1].body, tools=(ToolOffer(name="get"),))),
    ],
    ids=[
        "answer",
        "state",
        "result",
        "arguments",
        "error",
        "name",
        "reads",
        "order",
        "tools offered",
    ],
)
def test_what_is_behaviour_counts(other):
    assert behaviour_hash(other) != PLAIN


def test_a_prompt_that_is_the_conversation_says_nothing_new():
    assert behaviour_hash(talk(prompt=CONVERSATION)) == behaviour_hash(talk())


@pytest.mark.parametrize(
    "prompt",
    [
        (Message(role="system", content="Be brief."), *CONVERSATION),
        CONVERSATION[:1],
        (CONVERSATION[0], replace(CONVERSATION[1], content="6")),
    ],
    ids=["instructions", "a part of it", "another result"],
)
def test_a_prompt_that_is_anything_else_counts(prompt):
    assert behaviour_hash(talk(prompt=prompt)) != behaviour_hash(talk())
