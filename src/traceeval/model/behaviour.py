"""What an agent did, whatever it was attached by: equal behaviour, equal hash (rulings, 1).

Covered: question, answer, final state, and in order of ``seq`` each span's kind, name, body and error, plumbing left out.
Ids of spans and calls count by their order of appearance. Not covered: times, usage, attributes, all ids as such, and what
a model was sent: its prompt and the tools it was offered, which some attachments can tell and others cannot.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Any

import msgspec

from traceeval.model.trace import Generation, Message, Span, ToolCall, Trace

_ENCODER = msgspec.json.Encoder(order="deterministic")


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
    told = [_told(span, numbers, calls) for span in spans]
    return sha256(_ENCODER.encode((trace.question, trace.answer, trace.state, told))).hexdigest()


def _told(span: Span, numbers: _Numbers, calls: _Numbers) -> tuple[Any, ...]:
    body: Any = span.body
    if isinstance(body, ToolCall):
        body = msgspec.structs.replace(body, call_id=calls.of(body.call_id), requested_by=numbers.of(body.requested_by))
    elif isinstance(body, Generation):
        output = None if body.output is None else _message(body.output, calls)
        body = Generation(output=output, finish=body.finish)
    reads = sorted(numbers[id] for id in span.reads if id in numbers)
    return span.kind, span.name, numbers.of(span.parent), reads, body, span.error


def _message(message: Message, calls: _Numbers) -> Message:
    asked = tuple(msgspec.structs.replace(one, id=calls.of(one.id)) for one in message.tool_calls)
    return msgspec.structs.replace(message, tool_calls=asked, tool_call_id=calls.of(message.tool_call_id))
