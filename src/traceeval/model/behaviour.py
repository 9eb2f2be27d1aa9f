"""What an agent did, whatever it was attached by: equal behaviour, equal hash (rulings, 1).

Covered: question, answer, final state, and in order of ``seq`` each span's kind, name, body and error, plumbing left out:
the prompt a model was sent and the tools it was offered too. Ids of spans and calls count by their order of appearance.
A prompt that holds the conversation and nothing else says nothing new, and counts as one that was not told: some
attachments can tell it and others cannot. Not covered: times, usage, attributes, and ids as such.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Any, TypeAlias

import msgspec

from traceeval.model.trace import Generation, Kind, Message, Span, ToolCall, Trace, Utterance, text_of

_ENCODER = msgspec.json.Encoder(order="deterministic")
_Spoken: TypeAlias = tuple[str, str, tuple[tuple[Any, ...], ...], str | None]


class _Numbers(dict[str, str]):
    """Generated id -> its number in order of appearance."""

    def __missing__(self, id: str) -> str:
        number = self[id] = f"#{len(self)}"
        return number

    def of(self, id: str | None) -> str | None:
        return None if id is None else self[id]


def behaviour_hash(trace: Trace) -> str:
    """The behaviour hash of a trace: 64 hexadecimal digits."""
    spans = sorted((span for span in trace.spans if not span.plumbing), key=lambda span: span.seq)
    numbers, calls = _Numbers(), _Numbers()
    for span in spans:
        numbers[span.id]
    said: list[_Spoken] = []
    told = []
    for span in spans:
        told.append(_told(span, numbers, calls, said))
        said += _spoken(span)
    return sha256(_ENCODER.encode((trace.question, trace.answer, trace.state, told))).hexdigest()


def _told(span: Span, numbers: _Numbers, calls: _Numbers, said: Sequence[_Spoken]) -> tuple[Any, ...]:
    body: Any = span.body
    if isinstance(body, ToolCall):
        body = msgspec.structs.replace(body, call_id=calls.of(body.call_id), requested_by=numbers.of(body.requested_by))
    elif isinstance(body, Generation):
        output = None if body.output is None else _message(body.output, calls)
        body = msgspec.structs.replace(body, output=output, messages=_prompt(body.messages, calls, said))
    reads = sorted(numbers[id] for id in span.reads if id in numbers)
    return span.kind, span.name, numbers.of(span.parent), reads, body, span.error


def _prompt(
    messages: tuple[Message, ...] | None, calls: _Numbers, said: Sequence[_Spoken]
) -> tuple[Message, ...] | None:
    """A prompt; None where it is the conversation, word for word, or was not told."""
    if messages is None or [_as_spoken(one) for one in messages] == list(said):
        return None
    return tuple(_message(one, calls) for one in messages)


def _spoken(span: Span) -> Iterable[_Spoken]:
    """What a span adds to the conversation."""
    body = span.body
    if span.kind is Kind.HUMAN and isinstance(body, Utterance):
        return [_as_spoken(Message(role="user", content=body.text))]
    if span.kind is Kind.MODEL and isinstance(body, Generation) and body.output is not None:
        return [_as_spoken(body.output)]
    if isinstance(body, ToolCall):
        result = body.result if span.error is None else span.error.message
        return [_as_spoken(Message(role="tool", content=result, tool_call_id=body.call_id))]
    return []


def _as_spoken(message: Message) -> _Spoken:
    asked = tuple((one.name, _ENCODER.encode(one.arguments), one.raw, one.id) for one in message.tool_calls)
    return message.role, text_of(message.content) or "", asked, message.tool_call_id


def _message(message: Message, calls: _Numbers) -> Message:
    asked = tuple(msgspec.structs.replace(one, id=calls.of(one.id)) for one in message.tool_calls)
    return msgspec.structs.replace(message, tool_calls=asked, tool_call_id=calls.of(message.tool_call_id))
