"""The answer of a trace with every passage the model could have taken it from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from traceeval.graph._packing import Packed, prompt_text, squeeze, unescaped
from traceeval.graph.views import AnswerView
from traceeval.model import Content, Generation, Kind, Partial, Passage, Rerank, Retrieval, text_of

if TYPE_CHECKING:
    from traceeval.graph._trace_graph import TraceGraph

_FIELDS = {"chunk": "hits", "tool": "result", "user": "text", "prompt": "messages"}
_TELLING = 24  # characters from which on a text standing in another is no accident


def answer_view(graph: TraceGraph, packed: tuple[Packed, ...] | None, gap: str | None) -> AnswerView | None:
    """None when the trace has neither an answer nor a model call that wrote one."""
    answer = _answer(graph)
    if answer is None:
        return None
    span = graph.answer_span
    passages = _passages(graph, packed)
    missing = gap or ("answer" if isinstance(answer, Partial) else None)
    missing = missing or next((f"{p.span}.{_FIELDS[p.kind]}" for p in passages or () if not p.whole), None)
    return AnswerView(
        trace=graph.trace.id,
        span=span.id if span else None,
        question=text_of(graph.trace.question),
        answer=text_of(answer),
        passages=passages,
        reference=graph.trace.reference,
        complete=missing is None,
        gap=missing,
        system=graph.trace.system.label if graph.trace.system else None,
        asked=graph.users[-1][1] if len(graph.users) > 1 else None,
        searched=any(isinstance(s.body, Retrieval) and s.body.hits is not None for s in graph.of_kind(Kind.RETRIEVAL)),
    )


def _answer(graph: TraceGraph) -> Content:
    if graph.trace.answer is not None:
        return graph.trace.answer
    span = graph.answer_span
    body = span.body if span is not None else None
    return body.output.content if isinstance(body, Generation) and body.output is not None else None


def _passages(graph: TraceGraph, packed: tuple[Packed, ...] | None) -> tuple[Passage, ...] | None:
    """Chunks, tool results and user turns; the prompt's own text where a trace records neither chunks nor tools.

    What a chunk holds is not told again where a tool returned it, or where it was pasted into a user message.
    """
    texts = [one.text for one in packed or () if len(one.text) >= _TELLING]
    found = [*_chunks(graph, packed or ()), *_results(graph, texts)]
    told = _context_text(graph) if not found else None
    if told is not None:
        found = [Passage(id="prompt", text=told, kind="prompt")]
    if packed is None and not found:
        return None
    spoken = ((n, _without(text, texts)) for n, (_, text) in enumerate(graph.users, 1))
    found += [Passage(id=f"user-{n}", text=text, kind="user", position=1000 + n) for n, text in spoken if text]
    return tuple(found)


def _chunks(graph: TraceGraph, packed: tuple[Packed, ...]) -> Iterator[Passage]:
    where = _origins(graph) if packed else {}
    seen: dict[str, int] = {}
    for position, one in enumerate(packed):
        doc = one.hit.doc
        times = seen[doc] = seen.get(doc, 0) + 1
        yield Passage(
            id=doc if times == 1 else f"{doc} ({times})",
            text=one.text,
            kind="chunk",
            span=where.get(doc),
            position=position,
            whole=not isinstance(one.hit.text, Partial),
            doc=doc,
            label=one.label,
        )


def _origins(graph: TraceGraph) -> dict[str, str]:
    """Document -> the first span that brought it in: a retrieval, else a reranker."""
    found: dict[str, str] = {}
    for span in (*graph.of_kind(Kind.RETRIEVAL), *graph.of_kind(Kind.RERANK)):
        body = span.body
        hits = body.hits if isinstance(body, Retrieval) else body.after if isinstance(body, Rerank) else None
        for hit in hits or ():
            found.setdefault(hit.doc, span.id)
    return found


def _results(graph: TraceGraph, chunks: Sequence[str]) -> Iterator[Passage]:
    for position, call in enumerate(graph.calls):
        text = text_of(call.result) if call.executed else None
        if call.error and not text:
            text = call.error
        left = _without(text, chunks) if text else None
        if left:
            yield Passage(
                id=call.call_id or call.span,
                text=left,
                kind="tool",
                span=call.span,
                position=position,
                whole=not isinstance(call.result, Partial),
            )


def _without(text: str, chunks: Sequence[str]) -> str | None:
    """A text without the chunks that stand in it; None when nothing is left that could say anything."""
    left = folded = squeeze(unescaped(text) or text) if chunks else text
    for chunk in chunks:
        left = left.replace(chunk, " ")
    if left == folded:
        return text
    return left if any(map(str.isalnum, left)) else None


def _context_text(graph: TraceGraph) -> str | None:
    """System and developer messages of the answering call: context that was pasted into the prompt."""
    span = graph.answer_span
    body = span.body if span is not None else None
    if not isinstance(body, Generation) or prompt_text(span)[0] is None:
        return None
    told = [text_of(m.content) or "" for m in body.messages or () if m.role in ("system", "developer")]
    return "\n".join(told) or None
