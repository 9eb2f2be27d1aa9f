"""What a reader wants to see of one span, whatever its kind: named texts, documents with their ranks, requests.

The same facts feed the page and the terminal. Texts are raw here: whoever writes them out passes them through ``_safe``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import msgspec

from traceeval.graph import Judgements
from traceeval.model import (
    Content,
    Generation,
    Hit,
    Json,
    Message,
    Partial,
    Rerank,
    Retrieval,
    Span,
    ToolCall,
    Utterance,
    text_of,
)


@dataclass(frozen=True, slots=True)
class Text:
    """One named text. ``note`` says what is missing of it; ``quiet`` ones may stay folded."""

    label: str
    text: str
    note: str = ""
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One document. ``before``, ``after``: its ranks around a reranker, or ``after`` alone; None: not there.

    ``grade``: of the reference; None when nobody judged it.
    """

    doc: str
    before: int | None
    after: int | None
    score: float | None
    grade: int | None
    text: str


@dataclass(frozen=True, slots=True)
class Step:
    """One span, taken apart for reading. ``rows`` None: documents are none of its business or were not recorded."""

    span: Span
    texts: tuple[Text, ...]
    rows: tuple[Row, ...] | None = None
    reranked: bool = False


def duration(span: Span) -> float | None:
    """Seconds from start to end; None when one was not recorded or they run backwards."""
    if span.start is None or span.end is None or span.end < span.start:
        return None
    return span.end - span.start


def step_of(span: Span, judged: Judgements | None = None) -> Step:
    """The facts of one span. ``judged``: the grades of the reference."""
    body = span.body
    known = judged or Judgements(None)
    texts = tuple(text for text in _texts(span) if text.text or text.note)
    if isinstance(body, Retrieval):
        return Step(span, texts, None if body.hits is None else tuple(_row(hit, None, known) for hit in body.hits))
    if isinstance(body, Rerank) and (body.before is not None or body.after is not None):
        return Step(span, texts, tuple(_moves(body, known)), reranked=body.before is not None)
    return Step(span, texts)


def as_json(value: Json, *, indent: int = 0) -> str:
    """A JSON value as text, keys in their order."""
    data = msgspec.json.encode(value)
    return (msgspec.json.format(data, indent=indent) if indent else data).decode()


def _texts(span: Span) -> Iterator[Text]:
    if span.error:
        told = span.error.message or ("text was redacted" if span.error.redacted else "no text recorded")
        yield Text("error", f"{span.error.type}: {told}" if span.error.type else told)
    match span.body:
        case Retrieval(query=query, hits=hits) | Rerank(query=query, after=hits):
            yield _text("query", query)
            yield from _filter(span.body)
            yield Text("documents", "", "" if hits is not None else "documents were not recorded")
        case ToolCall() as call:
            yield _arguments(call.arguments, call.raw)
            yield _text("result", call.result, missing="" if span.error else "result was not recorded")
        case Generation() as generation:
            yield from _generation(generation)
        case Utterance(text=text):
            yield _text("said", text, missing="text was not recorded")


def _filter(body: Retrieval | Rerank) -> Iterator[Text]:
    if isinstance(body, Retrieval) and body.filter is not None:
        yield Text("filter", as_json(body.filter))
    if isinstance(body, Retrieval) and body.unfiltered is not None:
        yield Text("before the filter", ", ".join(hit.doc for hit in body.unfiltered) or "nothing", quiet=True)


def _generation(body: Generation) -> Iterator[Text]:
    if body.messages is None:
        yield Text("prompt", "", "prompt was not recorded", quiet=True)
    for message in body.messages or ():
        yield _message(message)
    if body.output is None:
        yield Text("output", "", "output was not recorded")
        return
    if body.output.reasoning is not None:
        yield _text("reasoning", body.output.reasoning, quiet=True)
    yield _text("output", body.output.content)
    for request in body.output.tool_calls:
        asked = _arguments(request.arguments, request.raw)
        yield Text(f"asks for {request.name}", asked.text, asked.note)


def _message(message: Message) -> Text:
    calls = "".join(f"\n{call.name}({_arguments(call.arguments, call.raw).text})" for call in message.tool_calls)
    said = _text(f"prompt, {message.role}", message.content, quiet=True)
    return Text(said.label, (said.text + calls).lstrip("\n"), said.note, quiet=True)


def _arguments(arguments: Json, raw: str | None) -> Text:
    if arguments is None:
        return Text("arguments", raw or "", "did not parse" if raw else "arguments were not recorded")
    return Text("arguments", as_json(arguments))


def _text(label: str, content: Content, *, missing: str = "", quiet: bool = False) -> Text:
    if content is None:
        return Text(label, "", missing, quiet)
    return Text(label, text_of(content) or "", content.state if isinstance(content, Partial) else "", quiet)


def _row(hit: Hit, before: int | None, judged: Judgements) -> Row:
    return Row(hit.doc, before, hit.rank, hit.score, judged.grade(hit), text_of(hit.text) or "")


def _moves(body: Rerank, judged: Judgements) -> Iterator[Row]:
    before = {hit.doc: hit for hit in body.before or ()}
    for hit in body.after or ():
        old = before.pop(hit.doc, None)
        row = _row(hit, old.rank if old else None, judged)
        yield (
            row
            if row.text or old is None
            else Row(row.doc, row.before, row.after, row.score, row.grade, text_of(old.text) or "")
        )
    for hit in before.values():
        yield Row(hit.doc, hit.rank, None, hit.score, judged.grade(hit), text_of(hit.text) or "")
