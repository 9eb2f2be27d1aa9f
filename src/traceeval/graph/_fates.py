"""What became of every chunk on its way from the pool to the prompt. Told from the record; no judgement of relevance."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from operator import attrgetter
from typing import TYPE_CHECKING, Literal, TypeAlias

import msgspec

from traceeval.graph._packing import ANCHOR, Folded
from traceeval.measures.once import once
from traceeval.model import Hit, Kind, Passage, Rerank, Retrieval, is_whole, text_of

if TYPE_CHECKING:
    from traceeval.graph._trace_graph import TraceGraph

Fate: TypeAlias = Literal["sent", "cut", "left_out", "ranked_out", "ranked_low", "unknown"]
PROMPT_PLACES = 10
_Key: TypeAlias = tuple[str, str]
"""(document, text with white space folded)."""
_RANK = attrgetter("rank")


class ChunkFate(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A chunk, and where it went.

    ``sent`` whole, ``cut`` in the prompt, ``left_out`` of the prompt though the ranking kept it, ``ranked_out`` by a
    reranker, ``ranked_low`` by the first stage where no reranker ran, ``unknown`` where the prompt was not recorded.
    ``text``: white space folded; ``whole`` False: recorded only in part, or not at all. ``left``: as it stands in the
    prompt. ``place``: in a first-stage order, from 1; None: in none. ``rank``: in the order that kept it; None: no order
    did. ``below``: chunks of the prompt that the ranking put below it. ``span``: which step decided; None: not recorded.
    """

    doc: str
    text: str
    whole: bool
    fate: Fate
    left: str = ""
    place: int | None = None
    rank: int | None = None
    below: int = 0
    span: str | None = None

    @property
    def in_prompt(self) -> bool:
        """Whether any of it reached the model."""
        return self.fate in ("sent", "cut")


class _Ranking:
    """One order: where each chunk stands, by its document and text; a hit without text stands for its whole document.

    ``standing``: what stands in the prompt.
    """

    def __init__(
        self, span: str, ranked: Iterable[_Key], given: Iterable[_Key] | None, standing: Iterable[_Key]
    ) -> None:
        self.span = span
        self._places: dict[_Key, int] = {}
        for place, key in enumerate(ranked, 1):
            self._places.setdefault(key, place)
        self._given = None if given is None else frozenset(given)
        self._standing = standing
        self.selects = self._given is not None and len(self._places) < len(self._given)

    def place(self, key: _Key) -> int | None:
        """From 1; None: it is not in this order."""
        return self._places.get(key) or self._places.get((key[0], ""))

    def saw(self, key: _Key) -> bool:
        """Whether a chunk was among its input; where no input was recorded, whatever it returned was."""
        if self._given is None:
            return self.place(key) is not None
        return key in self._given or (key[0], "") in self._given

    @once
    def _sent(self) -> list[int]:
        return sorted([place for key in self._standing if (place := self.place(key)) is not None])

    def sent_below(self, place: int) -> int:
        """How many chunks of the prompt stand below a place."""
        return len(self._sent) - bisect_right(self._sent, place)


def chunk_fates(graph: TraceGraph, passages: Sequence[Passage] | None) -> tuple[ChunkFate, ...]:
    """Every chunk any stage showed. ``passages``: what stood in the prompt; None: it was not recorded."""
    chunks = [passage for passage in passages or () if passage.kind == "chunk"]
    hits, folded = graph.chunks, graph.folded
    keys = _keys(hits, folded)
    standing = _standing(keys, chunks)
    way = _Way(
        searches=_searches(graph, standing),
        reranks=_reranks(graph, standing),
        standing=standing,
        places=PROMPT_PLACES if passages is None else max(len(chunks), 1),
        prompt=graph.answer_span.id if graph.answer_span is not None else None,
        known=passages is not None,
    )
    return tuple([way.fate_of(key, whole=is_whole(hit.text)) for hit, key in zip(hits, keys, strict=True)])


class _Way(msgspec.Struct, frozen=True, kw_only=True):
    """The orders of one trace and what stands in its prompt."""

    searches: list[_Ranking]
    reranks: list[_Ranking]
    standing: Mapping[_Key, str]
    places: int
    prompt: str | None
    known: bool

    def fate_of(self, key: _Key, *, whole: bool) -> ChunkFate:
        doc, text = key
        found = [(order, place) for order in self.searches if (place := order.place(key)) is not None]
        judges = [(order, order.place(key)) for order in self.reranks if order.saw(key)]
        keeper, rank = self._kept(judges or found)
        left = self.standing.get(key)
        fate: Fate
        if left is not None:
            fate = "cut" if len(left) < len(text) and text.startswith(left) else "sent"
        elif keeper is None:
            fate = "ranked_out" if judges else "ranked_low"
        else:
            fate = "left_out" if self.known else "unknown"
        span = self.prompt
        if fate in ("ranked_out", "ranked_low"):
            span = next((order.span for order, _ in judges or found), None)
        return ChunkFate(
            doc=doc,
            text=text,
            whole=whole and bool(text),
            fate=fate,
            left=left or "",
            place=min([place for _, place in found], default=None),
            rank=rank,
            below=keeper.sent_below(rank or 0) if fate == "left_out" and keeper is not None else 0,
            span=span,
        )

    def _kept(self, orders: Iterable[tuple[_Ranking, int | None]]) -> tuple[_Ranking, int] | tuple[None, None]:
        """The first order that keeps a chunk, with its place: all it returned if that is a selection; else as many as the prompt holds."""
        for order, place in orders:
            if place is not None and (order.selects or place <= self.places):
                return order, place
        return None, None


def _keys(hits: Iterable[Hit], folded: Folded) -> list[_Key]:
    return [(hit.doc, folded[text_of(hit.text) or ""]) for hit in hits]


def _ranked(hits: Iterable[Hit], folded: Folded) -> list[_Key]:
    return _keys(sorted(hits, key=_RANK), folded)


def _searches(graph: TraceGraph, standing: Mapping[_Key, str]) -> list[_Ranking]:
    return [
        _Ranking(span.id, _ranked(span.body.hits, graph.folded), None, standing)
        for span in graph.of_kind(Kind.RETRIEVAL)
        if isinstance(span.body, Retrieval) and span.body.hits is not None
    ]


def _reranks(graph: TraceGraph, standing: Mapping[_Key, str]) -> list[_Ranking]:
    """A reranker whose input was not recorded was given what the searches found."""
    bodies = [span.body for span in graph.of_kind(Kind.RETRIEVAL)]
    pool = [hit for body in bodies if isinstance(body, Retrieval) for hit in body.hits or ()]
    found = []
    for span in graph.of_kind(Kind.RERANK):
        if isinstance(span.body, Rerank) and span.body.after is not None:
            given = span.body.before or pool
            ranked = _ranked(span.body.after, graph.folded)
            found.append(_Ranking(span.id, ranked, _keys(given, graph.folded) if given else None, standing))
    return found


def _standing(keys: Sequence[_Key], chunks: Sequence[Passage]) -> dict[_Key, str]:
    """Chunk -> its text in the prompt: the passage of its document that is it, or its head, or stands there for it."""
    heads: dict[_Key, list[str]] = {}
    texts: dict[str, str] = {}
    for passage in chunks:
        doc, text = passage.doc or passage.id, passage.text
        heads.setdefault((doc, text[:ANCHOR]), []).append(text)
        texts[doc] = max(texts.get(doc, ""), text, key=len)
    found: dict[_Key, str] = {}
    several: Counter[str] | None = None
    for key in keys:
        doc, text = key
        if doc not in texts:
            continue
        mine = [head for head in heads.get((doc, text[:ANCHOR]), ()) if text.startswith(head)]
        if mine:
            found[key] = max(mine, key=len)
            continue
        several = several or Counter([doc for doc, _ in keys])
        if several[doc] == 1:
            found[key] = texts[doc]
    return found
