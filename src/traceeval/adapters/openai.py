"""Chat Completions message lists with tools: one conversation a file, a list of them, or one a line.

Source: https://platform.openai.com/docs/api-reference/chat. Messages only: spans are inferred, without times; usage only
where a response states it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from io import BufferedReader
from typing import Any

from traceeval.adapters._messages import messages_of
from traceeval.adapters._offers import offers_of
from traceeval.adapters._records import pieces
from traceeval.adapters._sample import Sample
from traceeval.adapters._tally import Record, Tally
from traceeval.model import (
    SCHEMA_VERSION,
    Basis,
    Body,
    Diagnostic,
    Fault,
    Generation,
    Json,
    Kind,
    Message,
    Origin,
    Span,
    ToolCall,
    ToolOffer,
    Trace,
    Utterance,
    text_of,
)
from traceeval.registry import adapter

NAME = "openai"
_ROLES = frozenset({"system", "developer", "user", "assistant", "tool", "function"})


def sniff(sample: Sample) -> tuple[float, str]:
    """A list of messages with roles, or objects that hold one under ``messages``."""
    if sample.keys.get("role") in _ROLES and ("content" in sample.keys or "tool_calls" in sample.keys):
        return 0.9, "messages with role and content"
    if "messages" in sample.keys and "spans" not in sample.keys:
        return 0.8, "an object with messages"
    return 0.0, "no messages with role and content"


@adapter(NAME, sniff=sniff)
def openai(stream: BufferedReader, where: str) -> Iterator[Record]:
    """One trace per conversation, with a MODEL span per assistant message and a TOOL span per call."""
    tally = Tally(NAME, where)
    return tally.closing(_records(stream, where, tally))


def _records(stream: BufferedReader, where: str, tally: Tally) -> Iterator[Record]:
    for piece in pieces(stream, where):
        if piece.why is not None:
            yield tally.damage(piece.line, piece.why)
            continue
        tally.records += 1
        found = list(_conversations(piece.value))
        if not found:
            tally.dropped["record.skipped"] += 1
            place = where if piece.line is None else f"{where}:{piece.line}"
            text = "no conversation: expected a list of messages, or an object with `messages`"
            yield Diagnostic(code="record.skipped", level="error", where=place, text=text)
            continue
        tally.kept["record"] += 1
        for number, holder in enumerate(found):
            trace = _trace(holder, where, piece.line, number)
            tally.spans += len(trace.spans)
            tally.kept["span"] += len(trace.spans)
            yield trace


def _conversations(value: Json) -> Iterator[Mapping[str, Any]]:
    if isinstance(value, Mapping):
        if isinstance(value.get("messages"), list):
            yield value
    elif isinstance(value, list) and value:
        if all(isinstance(item, Mapping) and "role" in item for item in value):
            yield {"messages": value}
        else:
            for item in value:
                yield from _conversations(item)


@dataclass(slots=True)
class _Builder:
    """Spans of one conversation, in order, and what was said so far."""

    said: list[Message] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)
    asked: dict[str, tuple[str, str, Json, str | None]] = field(default_factory=dict)
    last: str | None = None

    def add(self, kind: Kind, name: str, body: Body, error: Fault | None = None) -> str:
        """Append a span below the root."""
        id_ = f"m{len(self.spans) + 1}"
        self.spans.append(
            Span(id=id_, parent="root", kind=kind, name=name, body=body, error=error, seq=len(self.spans) + 1,
                 basis=Basis.INFERRED)
        )  # fmt: skip
        return id_


def _trace(holder: Mapping[str, Any], where: str, line: int | None, number: int) -> Trace:
    messages = messages_of(holder.get("messages")) or ()
    offers = offers_of(holder.get("tools") or ())
    model = holder.get("model")
    made = _Builder()
    for message in messages:
        _add(made, message, offers, str(model) if model else None)
    root = Span(id="root", kind=Kind.AGENT, name="conversation", basis=Basis.INFERRED)
    users = [message.content for message in messages if message.role == "user" and message.content is not None]
    answers = [m.content for m in messages if m.role == "assistant" and text_of(m.content)]
    given = holder.get("trace_id") or holder.get("id")
    return Trace(
        id=str(given) if given is not None else _id(messages, line, number), schema_version=SCHEMA_VERSION,
        spans=(root, *made.spans), question=users[0] if users else None, answer=answers[-1] if answers else None,
        origin=Origin(format=NAME, uri=where, record=f"line {line}" if line else None, dialect="chat"),
    )  # fmt: skip


def _id(messages: Sequence[Message], line: int | None, number: int) -> str:
    """An id of what was said, so that the same conversation is the same trace wherever it stands."""
    said = "\n".join(f"{message.role}: {text_of(message.content)}" for message in messages)
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _add(made: _Builder, message: Message, offers: tuple[ToolOffer, ...] | None, model: str | None) -> None:
    if message.role == "user":
        made.add(Kind.HUMAN, "user", Utterance(text=message.content))
    elif message.role == "assistant":
        body = Generation(model=model, messages=tuple(made.said), output=message, tools=offers)
        made.last = made.add(Kind.MODEL, "assistant", body)
        for request in message.tool_calls:
            made.asked[request.id or request.name] = (made.last, request.name, request.arguments, request.raw)
    elif message.role in ("tool", "function"):
        _add_result(made, message)
    made.said.append(message)


def _add_result(made: _Builder, message: Message) -> None:
    """A tool message as the execution of the call it answers: by id, else by name."""
    found = made.asked.get(message.tool_call_id or "") or made.asked.get(message.name or "")
    by, name, arguments, raw = found or (made.last, message.name or "unknown", None, None)
    made.add(
        Kind.TOOL, name,
        ToolCall(name=name, arguments=arguments, raw=raw, result=message.content, call_id=message.tool_call_id,
                 requested_by=by, link=Basis.OBSERVED if found and message.tool_call_id else Basis.INFERRED),
    )  # fmt: skip
