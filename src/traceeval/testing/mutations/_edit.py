"""Small edits of a trace that leave it a trace: spans are put in, taken out and replaced, then numbered anew."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from random import Random
from typing import Any, TypeVar

import msgspec

from traceeval.graph import Call
from traceeval.model import Fault, Generation, Json, Kind, Message, Span, ToolCall, Trace, Utterance, text_of
from traceeval.testing._builders import model, user
from traceeval.testing._mutation import Carrier

T = TypeVar("T")


def rebuilt(trace: Trace, spans: Iterable[Span], **fields: Any) -> Trace:
    """The trace with these spans in this order; ids and parents are filled in where a builder left them open."""
    root = trace.spans[0].id
    numbered = tuple(
        msgspec.structs.replace(span, id=span.id or f"x{seq}", parent=span.parent if span.id else root, seq=seq)
        for seq, span in enumerate(spans)
    )
    return msgspec.structs.replace(trace, spans=numbered, **fields)


def ordered(trace: Trace) -> list[Span]:
    """Spans in order."""
    return sorted(trace.spans, key=lambda span: span.seq)


def put(trace: Trace, at: int, *new: Span, **fields: Any) -> Trace:
    """These spans right behind the span of that position."""
    spans = ordered(trace)
    place = next((n for n, span in enumerate(spans) if span.seq > at), len(spans))
    return rebuilt(trace, [*spans[:place], *new, *spans[place:]], **fields)


def ended(trace: Trace, *new: Span, answer: str | None = None) -> Trace:
    """These spans at the end; with ``answer`` a last word of the assistant."""
    last = (model(answer),) if answer is not None else ()
    fields = {"answer": answer} if answer is not None else {}
    return rebuilt(trace, [*ordered(trace), *new, *last], **fields)


def cut(trace: Trace, at: int) -> list[Span]:
    """Everything up to a position."""
    return [span for span in ordered(trace) if span.seq <= at]


def changed(trace: Trace, id: str, change: Callable[[Span], Span | None]) -> Trace:
    """One span changed, or taken out where the change gives None."""
    spans = [change(span) if span.id == id else span for span in ordered(trace)]
    return rebuilt(trace, [span for span in spans if span is not None])


def again(call: Call, carrier: Carrier, **body: Json) -> Span:
    """A copy of a call that nobody asked for, with its arguments, result or name changed."""
    span = carrier.graph.spans[call.span]
    assert isinstance(span.body, ToolCall)
    fields = {"call_id": None, "requested_by": None, "raw": None, **body}
    made = msgspec.structs.replace(span.body, **fields)
    return msgspec.structs.replace(span, id="", parent=None, body=made, name=made.name)


def failing(span: Span, words: str) -> Span:
    """A call that failed with these words instead."""
    assert isinstance(span.body, ToolCall)
    body = msgspec.structs.replace(span.body, result=None)
    return msgspec.structs.replace(span, body=body, error=Fault(type="ToolError", message=words))


def with_users(carrier: Carrier) -> Trace:
    """The trace with a span for every user turn, also where only prompts record them."""
    if carrier.graph.of_kind(Kind.HUMAN):
        return carrier.trace
    spans = ordered(carrier.trace)
    turns = list(carrier.graph.users)
    made: list[Span] = []
    for span in spans:
        made += [user(text) for at, text in turns if at == span.seq]
        made.append(span)
    return rebuilt(carrier.trace, made)


def users_say(trace: Trace, words: Callable[[str], str]) -> Trace:
    """The trace with every user turn put through a function."""
    spans = [
        msgspec.structs.replace(span, body=Utterance(text=words(text_of(span.body.text) or "")))
        if isinstance(span.body, Utterance)
        else span
        for span in ordered(trace)
    ]
    return rebuilt(trace, spans)


def asking(trace: Trace, call: Call, change: Callable[[Message], Message]) -> Trace:
    """The trace with the message that asked for a call changed."""

    def edit(span: Span) -> Span:
        body = span.body
        assert isinstance(body, Generation)
        assert body.output is not None
        return msgspec.structs.replace(span, body=msgspec.structs.replace(body, output=change(body.output)))

    return changed(trace, call.batch or "", edit)


def pick(rng: Random, items: Sequence[T]) -> T | None:
    """One of them; None when there is none."""
    return items[rng.randrange(len(items))] if items else None


def fresh(rng: Random, like: str = "") -> str:
    """An id that stands nowhere; of the form of another, with every digit another."""
    if not any(map(str.isdigit, like)):
        return f"QZ-{rng.randrange(10**6, 10**7)}"
    return "".join(str((int(char) + 1 + rng.randrange(8)) % 10) if char.isdigit() else char for char in like)
