"""Short ways to write a trace in a test: spans are numbered, linked and timed unless you say otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from traceeval.model import (
    CallSpec,
    Fault,
    Generation,
    Hit,
    Json,
    Kind,
    Message,
    Reference,
    Rerank,
    Retrieval,
    Span,
    ToolCall,
    ToolOffer,
    ToolRequest,
    Trace,
    Utterance,
)

_KINDS: dict[type, Kind] = {
    Retrieval: Kind.RETRIEVAL,
    Rerank: Kind.RERANK,
    Generation: Kind.MODEL,
    ToolCall: Kind.TOOL,
    Utterance: Kind.HUMAN,
}


def hits(*docs: str | tuple[str, str]) -> tuple[Hit, ...]:
    """Ranked hits, best first; each a document id, or an id with its text."""
    pairs = [(doc, None) if isinstance(doc, str) else doc for doc in docs]
    return tuple(
        Hit(doc=doc, rank=rank, score=1.0 - rank / 100, text=text) for rank, (doc, text) in enumerate(pairs, 1)
    )


def retrieval(
    *docs: str | tuple[str, str],
    query: str | None = None,
    source: str | None = None,
    unfiltered: Sequence[str | tuple[str, str]] | None = None,
    **span: Any,
) -> Span:
    """A first-stage search that found these documents; ``unfiltered``: before its filter. With ``reads``: a fusion."""
    before = hits(*unfiltered) if unfiltered is not None else None
    condition = {"kept": list(docs)} if unfiltered is not None else None
    body = Retrieval(query=query, hits=hits(*docs), source=source, filter=condition, unfiltered=before)
    return _span(body, name="search", **span)


def rerank(before: Sequence[str | tuple[str, str]], after: Sequence[str | tuple[str, str]], **span: Any) -> Span:
    """A reranker with its input and output order."""
    return _span(Rerank(before=hits(*before), after=hits(*after)), name="rerank", **span)


def user(text: str, **span: Any) -> Span:
    """A user turn."""
    return _span(Utterance(text=text), name="user", **span)


def model(
    output: str | None = None,
    *,
    prompt: Sequence[tuple[str, str]] = (),
    calls: Iterable[ToolRequest] = (),
    tools: Iterable[ToolOffer] | None = None,
    **span: Any,
) -> Span:
    """A model call: prompt as (role, content) pairs, output text, requested calls, tools it was offered."""
    messages = tuple(Message(role=role, content=content) for role, content in prompt)
    written = Message(role="assistant", content=output, tool_calls=tuple(calls))
    offered = None if tools is None else tuple(tools)
    return _span(Generation(model="scripted", messages=messages, output=written, tools=offered), name="chat", **span)


def call(
    name: str,
    arguments: Json = None,
    result: Json = "ok",
    *,
    error: str | None = None,
    call_id: str | None = None,
    raw: str | None = None,
    requested_by: str | None = None,
    **span: Any,
) -> Span:
    """An executed tool call; ``error`` makes it fail. A result that is no text is recorded as its JSON."""
    body = ToolCall(
        name=name,
        arguments=arguments,
        raw=raw,
        result=None if error else _text(result),
        call_id=call_id,
        requested_by=requested_by,
    )
    return _span(body, name=name, error=Fault(type="ToolError", message=error) if error else None, **span)


def _text(result: Json) -> str | None:
    import msgspec

    return result if result is None or isinstance(result, str) else msgspec.json.encode(result).decode()


def expect(tool: str | tuple[str, ...], args: Mapping[str, Json] | None = None, **spec: Any) -> CallSpec:
    """One expected call."""
    return CallSpec(tool=tool, args=dict(args or {}), **spec)


def trace(
    *spans: Span,
    id: str = "t",
    question: str | None = None,
    answer: str | None = None,
    reference: Reference | None = None,
    **fields: Any,
) -> Trace:
    """A trace of these spans in this order below a root agent span; ids ``s1``, ``s2``, … where none was given."""
    root = Span(id="root", kind=Kind.AGENT, name="agent", start=0.0, end=float(len(spans) + 1), seq=0)
    placed = [_place(span, number) for number, span in enumerate(spans, 1)]
    return Trace(
        id=id,
        spans=(root, *placed),
        schema_version="traceeval/1",
        question=question,
        answer=answer,
        reference=reference,
        **fields,
    )


def _place(span: Span, number: int) -> Span:
    import msgspec

    return msgspec.structs.replace(
        span,
        id=span.id or f"s{number}",
        parent=span.parent or "root",
        seq=number,
        start=float(number) if span.start is None else span.start,
        end=number + 0.5 if span.end is None else span.end,
    )


def _span(body: Any, *, name: str, id: str = "", **fields: Any) -> Span:
    kind = fields.pop("kind", _KINDS[type(body)])
    return Span(id=id, kind=kind, name=name, body=body, **fields)
