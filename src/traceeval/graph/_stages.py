"""The retrieval views of a trace: what was found, how it was reordered, what reached the prompt."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING

import msgspec

from traceeval.graph._packing import Packed, pack, prompt_text
from traceeval.graph.views import RetrievalView, StagesView
from traceeval.measures.ranking import trec_order
from traceeval.model import Hit, Kind, Rerank, Retrieval, Span, text_of

if TYPE_CHECKING:
    from traceeval.graph._trace_graph import TraceGraph


def retrieval_view(graph: TraceGraph) -> RetrievalView | None:
    """First-stage retrieval; several searches are merged round-robin. None: no retrieval was recorded."""
    spans = [span for span in graph.of_kind(Kind.RETRIEVAL) if isinstance(span.body, Retrieval)]
    reference = graph.trace.reference
    qrels = reference.documents if reference else None
    level = reference.rel_level if reference else 1
    if not spans:
        return None
    recorded = [span.body.hits for span in spans if isinstance(span.body, Retrieval) and span.body.hits is not None]
    merged = tuple(_round_robin(recorded)) if len(recorded) > 1 else (_ranked(recorded[0]) if recorded else None)
    return RetrievalView(
        trace=graph.trace.id,
        span=spans[0].id if len(spans) == 1 else None,
        hits=merged,
        qrels=qrels,
        rel_level=level,
        searches=len(spans),
    )


def _ranked(hits: Sequence[Hit]) -> tuple[Hit, ...]:
    """Recorded rank; where ranks tie or are missing, score descending, then document id descending."""
    if len({hit.rank for hit in hits}) == len(hits):
        return tuple(sorted(hits, key=lambda hit: hit.rank))
    place = {doc: at for at, doc in enumerate(trec_order((hit.doc, hit.score or 0.0) for hit in hits))}
    return tuple(sorted(hits, key=lambda hit: (hit.rank, place[hit.doc])))


def _round_robin(searches: Sequence[Sequence[Hit]]) -> Iterator[Hit]:
    """Rank 1 of every search, then rank 2, …; a document counts where it first occurs."""
    seen: set[str] = set()
    for row in zip_longest(*(_ranked(hits) for hits in searches)):
        for hit in row:
            if hit is not None and hit.doc not in seen:
                seen.add(hit.doc)
                yield msgspec.structs.replace(hit, rank=len(seen))


def stages_view(
    graph: TraceGraph, retrieval: RetrievalView | None, packed: tuple[Packed, ...] | None
) -> StagesView | None:
    """Pool, reranked list and prompt. None: neither a retrieval nor a rerank was recorded.

    Without a retrieval span the reranker's input is the pool.
    """
    last = last_rerank(graph)
    if retrieval is None and last is None:
        return None
    span, body = last or (None, None)
    reference = graph.trace.reference
    pool = retrieval.docs if retrieval is not None and retrieval.hits is not None else None
    if pool is None and body is not None and body.before is not None:
        pool = tuple(hit.doc for hit in _ranked(body.before))
    ranked = tuple(hit.doc for hit in _ranked(body.after)) if body is not None and body.after is not None else None
    return StagesView(
        trace=graph.trace.id,
        span=(retrieval.span if retrieval else None) or span,
        pool=pool,
        ranked=ranked,
        packed=None if packed is None else tuple(one.hit.doc for one in packed),
        qrels=reference.documents if reference else None,
        rel_level=reference.rel_level if reference else 1,
        tokens=None if packed is None else _words(packed),
        rerank_span=span,
        cut=frozenset(one.hit.doc for one in packed or () if not one.whole),
    )


def _words(packed: Sequence[Packed]) -> Mapping[str, int]:
    """Words each document takes in the prompt."""
    words: Counter[str] = Counter()
    for one in packed:
        words[one.hit.doc] += len(one.text.split())
    return words


def last_rerank(graph: TraceGraph) -> tuple[str, Rerank] | None:
    """The last rerank span that recorded its output."""
    found = [
        (s.id, s.body) for s in graph.of_kind(Kind.RERANK) if isinstance(s.body, Rerank) and s.body.after is not None
    ]
    return found[-1] if found else None


def candidates(graph: TraceGraph) -> tuple[Hit, ...]:
    """Every chunk any stage showed, each text once; a document without any recorded text is there by its id."""
    texts: dict[tuple[str, str], Hit] = {}
    bare: dict[str, Hit] = {}
    for hit in _all_hits(graph):
        text = text_of(hit.text)
        if text:
            texts.setdefault((hit.doc, text), hit)
        else:
            bare.setdefault(hit.doc, hit)
    told = {doc for doc, _ in texts}
    return (*texts.values(), *(hit for doc, hit in bare.items() if doc not in told))


def _all_hits(graph: TraceGraph) -> Iterator[Hit]:
    for span in graph.of_kind(Kind.RETRIEVAL):
        if isinstance(span.body, Retrieval):
            yield from span.body.hits or ()
    for span in graph.of_kind(Kind.RERANK):
        if isinstance(span.body, Rerank):
            yield from span.body.after or ()
            yield from span.body.before or ()


def packed_documents(graph: TraceGraph) -> tuple[tuple[Packed, ...] | None, str | None]:
    """(chunks in the answering model call's prompt, gap).

    None: the prompt was not recorded, or no text of any document was and none is named in the prompt. With a ``gap``
    there may be more than these.
    """
    hits = candidates(graph)
    prompt, gap = prompt_text(graph.answer_span or _last_model(graph))
    if prompt is None:
        return None, gap
    packed = pack(hits, prompt)
    unknown = bool(hits) and not packed and all(text_of(hit.text) is None for hit in hits)
    return (None if unknown else packed), gap


def _last_model(graph: TraceGraph) -> Span | None:
    spans = graph.of_kind(Kind.MODEL)
    return spans[-1] if spans else None
