"""The retrieval views of a trace: what was found, how it was merged and reordered, what reached the prompt."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import msgspec

from traceeval.graph._judgements import Judgements, Listing
from traceeval.graph._lists import Listed, Lists, handed_on, lists_of
from traceeval.graph._order import in_turn, merged, once
from traceeval.graph._packing import Packed, pack, prompt_text
from traceeval.graph._searches import Probe, probes_of, searches_of
from traceeval.graph.views import RetrievalView, StagesView
from traceeval.model import Hit, Kind, Rerank, Retrieval, Span, text_of

if TYPE_CHECKING:
    from traceeval.graph._trace_graph import TraceGraph


class Stages(msgspec.Struct, frozen=True):
    """What both retrieval views are cut from.

    ``packed`` None: the prompt is unknown or may hold more. ``absent``: judgements of documents that stand in no index
    and in no list; None: nobody said.
    """

    graph: TraceGraph
    lists: Lists
    probes: Mapping[str, Probe]
    judged: Judgements
    packed: tuple[Packed, ...] | None
    absent: frozenset[str] | None

    @property
    def level(self) -> int:
        """The grade from which on a document is relevant."""
        reference = self.graph.trace.reference
        return reference.rel_level if reference else 1

    def used(self, lists: Sequence[Listed]) -> list[Listed]:
        """Without probes."""
        return [one for one in lists if one.id not in self.probes]


def stages_of(graph: TraceGraph, packed: tuple[Packed, ...] | None) -> Stages:
    """Lists, searches and judgements of a trace."""
    lists, judged = lists_of(graph), Judgements(graph.trace.reference)
    told = None if packed is None else {one.hit.doc for one in packed}
    return Stages(graph, lists, probes_of(lists, told), judged, packed, _absent(graph, judged))


def _absent(graph: TraceGraph, judged: Judgements) -> frozenset[str] | None:
    """What is in no index according to the reference, unless the trace shows it."""
    reference = graph.trace.reference
    if reference is None or reference.absent is None:
        return None
    shown = {hit.doc for hit in _all_hits(graph)} if reference.absent else set()
    return frozenset(name for doc in reference.absent if doc not in shown for name in judged.of(doc))


def retrieval_view(stages: Stages) -> RetrievalView | None:
    """First-stage retrieval: what merged the searches, else their lists in turn. None: no retrieval was recorded.

    Judged documents that are in no index are left out of ``qrels``: no retriever can find them.
    """
    if not stages.lists.searched:
        return None
    judged, unrecorded = stages.judged, stages.lists.unrecorded
    fused = {source.id for one in stages.lists.all if one.role == "fusion" for source in one.sources}
    first = [one for one in stages.used(stages.lists.all) if one.role != "rerank" and one.id not in fused]
    turns = in_turn([one.hits for one in first]) if first and not unrecorded else None
    hits = turns if turns is None or len(first) == 1 else once(turns, judged.identity)
    listing = judged.listing(hits or ())
    spans = [*(one.span for one in first), *unrecorded]
    qrels = judged.qrels
    if qrels is not None and stages.absent:
        qrels = {name: grade for name, grade in qrels.items() if name not in stages.absent}
    return RetrievalView(
        trace=stages.graph.trace.id,
        span=spans[0].id if len(spans) == 1 else None,
        hits=hits,
        docs=listing.names,
        qrels=qrels,
        rel_level=stages.level,
        searches=len(spans),
        places=listing.places,
        turns=turns or (),
        note="; ".join(filter(None, (_by_document(listing), _not_in_corpus(stages)))),
    )


def _by_document(listing: Listing) -> str:
    """What a score of this list must say of its judgements."""
    bare = listing.by_document
    return f"by_document: {bare} hits without offsets matched on document id" if bare else ""


def _not_in_corpus(stages: Stages) -> str:
    qrels = stages.judged.qrels or {}
    missing = sum(qrels[name] >= stages.level for name in stages.absent or ())
    return f"not_in_corpus: {missing} of the relevant are in no index" if missing else ""


def stages_view(stages: Stages, retrieval: RetrievalView | None) -> StagesView | None:
    """Pool, reranked list and prompt. None: neither a retrieval nor a rerank was recorded.

    Without a retrieval span the reranker's input is the pool. Several chains of search and reranker are taken in turn.
    """
    last = stages.used([one for one in stages.lists.all if not one.taken])
    rerankers = [one.id for one in stages.lists.all if isinstance(one.span.body, Rerank) and one.role == "rerank"]
    if retrieval is None and not last:
        return None
    judged = stages.judged
    pool = _pool(stages, last)
    reordered = any(one.role == "rerank" for one in last)
    packed = None if stages.packed is None else [(one, _as_packed(one)) for one in stages.packed]
    return StagesView(
        trace=stages.graph.trace.id,
        span=(retrieval.span if retrieval else None) or (rerankers[-1] if rerankers else None),
        pool=None if pool is None else pool.names,
        ranked=judged.listing(merged([one.hits for one in last], judged.identity)).names if reordered else None,
        packed=None if packed is None else judged.listing(hit for _, hit in packed).names,
        qrels=judged.qrels,
        rel_level=stages.level,
        tokens=None if packed is None else _words(packed, judged),
        rerank_span=rerankers[-1] if rerankers else None,
        cut=frozenset(name for one, hit in packed or () if not one.whole for name in judged.names(hit)),
        searches=searches_of(stages.lists, stages.probes, judged),
        fusions=tuple(one.id for one in stages.used(stages.lists.all) if one.role == "fusion"),
        absent=stages.absent,
        judged=judged,
        note=_by_document(pool) if pool is not None else "",
    )


def _pool(stages: Stages, last: Sequence[Listed]) -> Listing | None:
    """What was handed on to the rerankers and the prompt; None when it was not recorded."""
    whole = not stages.lists.unrecorded
    handed = list(handed_on(last, whole=whole))
    told = [hits for hits in handed if hits is not None]
    if len(told) < len(handed) or not (whole or (last and all(one.role == "rerank" for one in last))):
        return None
    return stages.judged.listing(merged(told, stages.judged.identity))


def _as_packed(one: Packed) -> Hit:
    """The hit as it stands in the prompt: of a cut one only the characters that are left."""
    if one.whole or one.hit.offsets is None:
        return one.hit
    start, end = one.hit.offsets
    return msgspec.structs.replace(one.hit, offsets=(start, min(end, start + len(one.text))))


def _words(packed: Sequence[tuple[Packed, Hit]], judged: Judgements) -> Mapping[str, int]:
    """Words each document, or judged part of one, takes in the prompt."""
    words: dict[str, int] = {}
    for one, hit in packed:
        name = judged.names(hit)[0]
        words[name] = words.get(name, 0) + len(one.text.split())
    return words


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
            yield from span.body.unfiltered or ()
    for span in graph.of_kind(Kind.RERANK):
        if isinstance(span.body, Rerank):
            yield from span.body.after or ()
            yield from span.body.before or ()


def packed_documents(graph: TraceGraph) -> tuple[tuple[Packed, ...] | None, str | None]:
    """(chunks in the answering model call's prompt, gap).

    None: the prompt was not recorded, or no text of any document was and none is named in the prompt. With a ``gap``
    there may be more than these.
    """
    hits = graph.chunks
    prompt, gap = prompt_text(graph.answer_span or _last_model(graph))
    if prompt is None:
        return None, gap
    packed = pack(hits, prompt, graph.folded)
    unknown = bool(hits) and not packed and all(text_of(hit.text) is None for hit in hits)
    return (None if unknown else packed), gap


def _last_model(graph: TraceGraph) -> Span | None:
    spans = graph.of_kind(Kind.MODEL)
    return spans[-1] if spans else None
