"""The answer of a trace with every passage the model could have taken it from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from traceeval.graph._packing import Packed, prompt_text
from traceeval.graph.views import AnswerView
from traceeval.model import Content, Generation, Kind, Partial, Passage, text_of

if TYPE_CHECKING:
    from traceeval.graph._trace_graph import TraceGraph


def answer_view(graph: TraceGraph, packed: tuple[Packed, ...] | None, gap: str | None) -> AnswerView | None:
    """None when the trace has neither an answer nor a model call that wrote one."""
    answer = _answer(graph)
    if answer is None:
        return None
    span = graph.answer_span
    passages = _passages(graph, packed)
    missing = gap or ("answer" if isinstance(answer, Partial) else None)
    missing = missing or next((f"{p.span}.result" for p in passages or () if not p.whole and p.kind == "tool"), None)
    return AnswerView(
        trace=graph.trace.id,
        span=span.id if span else None,
        question=text_of(graph.trace.question),
        answer=text_of(answer),
        passages=passages,
        reference=graph.trace.reference,
        complete=missing is None,
        gap=missing,
    )


def _answer(graph: TraceGraph) -> Content:
    if graph.trace.answer is not None:
        return graph.trace.answer
    span = graph.answer_span
    body = span.body if span is not None else None
    return body.output.content if isinstance(body, Generation) and body.output is not None else None


def _passages(graph: TraceGraph, packed: tuple[Packed, ...] | None) -> tuple[Passage, ...] | None:
    """Chunks, tool results and user turns; the prompt's own text where a trace records neither chunks nor tools."""
    found = [*_chunks(graph, packed or ()), *_results(graph)]
    told = _context_text(graph) if not found else None
    if told is not None:
        found = [Passage(id="prompt", text=told, kind="prompt")]
    if packed is None and not found:
        return None
    found += [
        Passage(id=f"user-{n}", text=text, kind="user", position=1000 + n) for n, (_, text) in enumerate(graph.users, 1)
    ]
    return tuple(found)


def _chunks(graph: TraceGraph, packed: tuple[Packed, ...]) -> Iterator[Passage]:
    spans = graph.of_kind(Kind.RETRIEVAL) or graph.of_kind(Kind.RERANK)
    where = spans[0].id if spans else None
    for position, one in enumerate(packed):
        yield Passage(id=one.hit.doc, text=one.text, kind="chunk", span=where, position=position)


def _results(graph: TraceGraph) -> Iterator[Passage]:
    for position, call in enumerate(graph.calls):
        text = text_of(call.result) if call.executed else None
        if call.error and not text:
            text = call.error
        if text:
            yield Passage(
                id=call.call_id or call.span,
                text=text,
                kind="tool",
                span=call.span,
                position=position,
                whole=not isinstance(call.result, Partial),
            )


def _context_text(graph: TraceGraph) -> str | None:
    """System and developer messages of the answering call: context that was pasted into the prompt."""
    span = graph.answer_span
    body = span.body if span is not None else None
    if not isinstance(body, Generation) or prompt_text(span)[0] is None:
        return None
    told = [text_of(m.content) or "" for m in body.messages or () if m.role in ("system", "developer")]
    return "\n".join(told) or None
