"""A trace as plain text for a reviewer at a terminal: an ordered list, nothing rendered, nothing hidden."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from traceeval.measures.safe_text import show_controls
from traceeval.model import Generation, Partial, Rerank, Retrieval, Rubric, Span, ToolCall, Trace, Utterance, text_of

MOST = 2000


def trace_lines(trace: Trace) -> Iterator[str]:
    """The steps of a trace with their span ids, to be cited as evidence."""
    if trace.question is not None:
        yield f"question: {_text(trace.question)}"
    for number, span in enumerate((span for span in trace.spans if not span.plumbing), 1):
        yield f"{number:3}. [{_safe(span.id)}] {span.kind.value}: {_safe(span.name)}"
        yield from (f"       {line}" for line in _body(span))
        if span.error is not None:
            yield f"       ERROR {_safe(span.error.type or '')} {_safe(span.error.message or '')}"
    if trace.answer is not None:
        yield f"answer: {_text(trace.answer)}"


def _body(span: Span) -> Iterator[str]:
    body = span.body
    if isinstance(body, Utterance):
        yield f"user: {_text(body.text)}"
    elif isinstance(body, Retrieval):
        yield from (f"{hit.rank}. {_safe(hit.doc)}: {_text(hit.text)}" for hit in body.hits or ())
    elif isinstance(body, Rerank):
        before = {hit.doc: hit.rank for hit in body.before or ()}
        yield from (f"{hit.rank}. {_safe(hit.doc)} (was {before.get(hit.doc, '-')})" for hit in body.after or ())
    elif isinstance(body, ToolCall):
        arguments = body.raw if body.arguments is None else msgspec.json.encode(body.arguments).decode()
        yield f"{_safe(body.name)}({_safe(arguments or '')})"
        if body.result is not None:
            yield f"-> {_text(body.result)}"
    elif isinstance(body, Generation) and body.output is not None:
        if text_of(body.output.content):
            yield f"model: {_text(body.output.content)}"
        yield from (
            f"asks for {_safe(request.name)}({_safe(str(request.arguments))})" for request in body.output.tool_calls
        )


def _text(content: str | Partial | None) -> str:
    text = text_of(content) or ""
    note = f" [{content.state}]" if isinstance(content, Partial) else ""
    more = f" … ({len(text) - MOST} more characters)" if len(text) > MOST else ""
    return _safe(text[:MOST]).replace("\n", "\n         ") + more + note


def _safe(text: str) -> str:
    return show_controls(text)


def rubric_lines(rubric: Rubric) -> Iterator[str]:
    """Questions and what each mark means."""
    for criterion in rubric.criteria:
        yield f"{criterion.name}: {criterion.question} (passes from {criterion.passes})"
        for mark, anchor in sorted(criterion.anchors.items()):
            yield f"   {mark}  {anchor.wording}"
            yield from (f"      e.g. {excerpt}" for excerpt in anchor.excerpts)
    yield f"flags: {', '.join(rubric.flags)}"
