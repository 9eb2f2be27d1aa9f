"""A list of messages becomes a Trace: a span per user turn, per model message, and per executed call."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from traceeval.adapters._messages import messages_of
from traceeval.adapters._metadata import as_tags
from traceeval.adapters._offers import offers_of
from traceeval.adapters._tree import note
from traceeval.model import (
    SCHEMA_VERSION,
    Basis,
    Body,
    Content,
    Diagnostic,
    Generation,
    Kind,
    Message,
    Origin,
    Span,
    System,
    ToolCall,
    ToolRequest,
    Trace,
    Utterance,
    text_of,
)

_PROMPTS = 32_000_000
"""Characters of all inferred prompts together. Each repeats the one before, so a long conversation would be told
thousands of times; beyond this only the last prompt, which the answer was written from, is inferred."""
_MESSAGE = 100


class Conversation:
    """Builds spans message by message. ``open`` holds requests that have no result yet, by the span that wrote them."""

    def __init__(self, holder: Mapping[str, Any]) -> None:
        model, tools = holder.get("model"), holder.get("tools", holder.get("functions"))
        self.model = model if isinstance(model, str) else None
        self.tools = offers_of(tools) if isinstance(tools, list) else None
        self.schemas = {offer.name: offer for offer in self.tools or ()}
        self.spans = [Span(id="root", kind=Kind.AGENT, name="conversation", basis=Basis.INFERRED)]
        self.notes: list[Diagnostic] = []
        self.open: list[tuple[Span, ToolRequest]] = []
        self.said: list[Message] = []
        self.size = self.prompts = 0
        self.bare: dict[int, int] = {}

    def take(self, message: Message) -> None:
        """Add one message, and the span it stands for."""
        if message.role == "user":
            self.open.clear()
            self._add(Kind.HUMAN, "user", Utterance(text=message.content))
        elif message.role == "assistant":
            span = self._add(Kind.MODEL, "chat", self._written(message), reads=self._read())
            self.open += ((span, request) for request in message.tool_calls)
        elif message.role == "tool":
            self._call(message)
        self.said.append(message)
        self.size += len(text_of(message.content) or "") + _MESSAGE

    def _written(self, message: Message) -> Generation:
        """A model message with the prompt it must have read, while prompts may be told in full."""
        self.prompts += self.size
        told = self.prompts <= _PROMPTS
        if not told:
            self.bare[len(self.spans)] = len(self.said)
        prompt = tuple(self.said) if told else None
        return Generation(model=self.model, messages=prompt, output=message, tools=self.tools)

    def close(self) -> None:
        """Give the last model message its prompt, and say how many others have none."""
        if not self.bare:
            return
        at, read = self.bare.popitem()
        body = self.spans[at].body
        assert isinstance(body, Generation)
        full = msgspec.structs.replace(body, messages=tuple(self.said[:read]))
        self.spans[at] = msgspec.structs.replace(self.spans[at], body=full)
        if self.bare:
            text = f"the prompts of {len(self.bare)} messages of a long conversation were left out; each is the messages before it"
            self.notes.append(note("content.absent", text, level="info"))

    def _add(self, kind: Kind, name: str, body: Body, reads: tuple[str, ...] = ()) -> Span:
        seq = len(self.spans)
        span = Span(
            id=f"m{seq}", kind=kind, name=name, parent="root", body=body, seq=seq, basis=Basis.INFERRED, reads=reads
        )
        self.spans.append(span)
        return span

    def _read(self) -> tuple[str, ...]:
        """Calls whose results are new to this model message."""
        fresh: list[str] = []
        for span in reversed(self.spans):
            if span.kind is not Kind.TOOL:
                break
            fresh.append(span.id)
        return tuple(reversed(fresh))

    def _call(self, message: Message) -> None:
        at, link = self._asked(message)
        span, request = self.open.pop(at) if at is not None else (None, None)
        name = (request.name if request else message.name) or "unknown"
        offer = self.schemas.get(name)
        done = self._add(
            Kind.TOOL,
            name,
            ToolCall(
                name=name,
                arguments=request.arguments if request else None,
                raw=request.raw if request else None,
                result=message.content,
                call_id=message.tool_call_id or (request.id if request else None),
                requested_by=span.id if span else None,
                link=link,
                description=offer.description if offer else None,
                parameters=offer.parameters if offer else None,
            ),
        )
        if span is None:
            self.notes.append(note("link.missing", f"no message of this turn asked for this call of {name}", done.id))
        elif link is Basis.INFERRED:
            self.notes.append(
                note("link.inferred", f"result of {name} has no call id: paired by order", done.id, "info")
            )

    def _asked(self, message: Message) -> tuple[int | None, Basis]:
        if message.tool_call_id:
            found = (at for at, (_, request) in enumerate(self.open) if request.id == message.tool_call_id)
            return next(found, None), Basis.OBSERVED
        named = (at for at, (_, request) in enumerate(self.open) if message.name in (None, request.name))
        return next(named, None), Basis.INFERRED


def conversation(
    listed: Sequence[Any], holder: Mapping[str, Any], digest: str, uri: str, line: int | None, *, skipped: int = 0
) -> Trace:
    """The Trace of one conversation; its id is the one recorded with it, else a digest of its content."""
    built = Conversation(holder)
    for message in messages_of(listed) or ():
        built.take(message)
    built.close()
    where = uri if line is None else f"{uri}:{line}"
    if skipped:
        built.notes.append(note("record.skipped", f"{skipped} messages have no role or no content and were left out"))
    return Trace(
        id=_id(holder) or digest[:32],
        spans=tuple(built.spans),
        schema_version=SCHEMA_VERSION,
        question=next((m.content for m in built.said if m.role == "user"), None),
        answer=_answer(built.said),
        system=System(model=built.model) if built.model else None,
        metadata=_metadata(holder),
        tags=as_tags(holder.get("tags")),
        origin=Origin(
            format="openai", uri=uri, record=None if line is None else f"line {line}", sha256=digest, dialect="chat"
        ),
        diagnostics=tuple(_placed(built.notes, where)),
    )


def _placed(notes: Sequence[Diagnostic], where: str) -> Iterator[Diagnostic]:
    return (msgspec.structs.replace(one, where=where) for one in notes)


def _id(holder: Mapping[str, Any]) -> str | None:
    found = (holder.get(key) for key in ("trace_id", "conversation_id", "id"))
    return next((str(value) for value in found if isinstance(value, str | int) and value != ""), None)


def _metadata(holder: Mapping[str, Any]) -> dict[str, Any] | None:
    found = holder.get("metadata")
    return dict(found) if isinstance(found, Mapping) else None


def _answer(said: Sequence[Message]) -> Content:
    return next((m.content for m in reversed(said) if m.role == "assistant" and text_of(m.content)), None)
