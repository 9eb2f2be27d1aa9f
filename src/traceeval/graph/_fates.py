"""What became of every chunk on its way from the pool to the prompt. Told from the record; no judgement of relevance."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

import msgspec

from traceeval.graph._packing import ANCHOR, squeeze
from traceeval.model import Hit, Kind, Passage, Rerank, Retrieval, is_whole, text_of

if TYPE_CHECKING:
    from traceeval.graph._trace_graph import TraceGraph

Fate: TypeAlias = Literal["sent", "cut", "left_out", "ranked_out", "ranked_low", "unknown"]
PROMPT_PLACES = 10


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
    """One order: where each chunk stands, by its document and text; a hit without text stands for its whole document."""

    def __init__(self, span: str, ranked: Iterable[Hit], given: Iterable[Hit] | None = None) -> None:
        self.span = span
        self._places: dict[tuple[str, str], int] = {}
        for place, hit in enumerate(sorted(ranked, key=lambda hit: hit.rank), 1):
            self._places.setdefault(_key(hit), place)
        self._given = None if given is None else frozenset(map(_key, given))
        self.sent: list[int] = []
        self.selects = self._given is not None and len(self._places) < len(self._given)

    def place(self, key: tuple[str, str]) -> int | None:
        """From 1; None: it is not in this order."""
        return self._places.get(key) or self._places.get((key[0], ""))

    def saw(self, key: tuple[str, str]) -> bool:
        """Whether a chunk was among its input; where no input was recorded, whatever it returned was."""
        if self._given is None:
            return self.place(key) is not None
        return key in self._given or (key[0], "") in self._given

    def note(self, standing: Iterable[tuple[str, str]]) -> _Ranking:
        """The same, told which chunks stand in the prompt."""
        self.sent = sorted(place for key in standing if (place := self.place(key)) is not None)
        return self

    def sent_below(self, key: tuple[str, str]) -> int:
        """How many chunks of the prompt stand below one."""
        return len(self.sent) - bisect_right(self.sent, self.place(key) or 0)

    def keeps(self, key: tuple[str, str], places: int) -> bool:
        """All it returned if that is a selection; else as many as the prompt holds."""
        place = self.place(key)
        return place is not None and (self.selects or place <= places)


def chunk_fates(graph: TraceGraph, passages: Sequence[Passage] | None) -> tuple[ChunkFate, ...]:
    """Every chunk any stage showed. ``passages``: what stood in the prompt; None: it was not recorded."""
    chunks = [passage for passage in passages or () if passage.kind == "chunk"]
    hits = graph.chunks
    standing = dict(_standing(hits, chunks))
    way = _Way(
        searches=tuple(order.note(standing) for order in _searches(graph)),
        reranks=tuple(order.note(standing) for order in _reranks(graph)),
        standing=standing,
        places=PROMPT_PLACES if passages is None else max(len(chunks), 1),
        prompt=graph.answer_span.id if graph.answer_span is not None else None,
        known=passages is not None,
    )
    return tuple(way.fate_of(hit) for hit in hits)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Way:
    """The orders of one trace and what stands in its prompt."""

    searches: tuple[_Ranking, ...]
    reranks: tuple[_Ranking, ...]
    standing: dict[tuple[str, str], str]
    places: int
    prompt: str | None
    known: bool

    def fate_of(self, hit: Hit) -> ChunkFate:
        key = _key(hit)
        left, text = self.standing.get(key), key[1]
        judges = [order for order in self.reranks if order.saw(key)]
        orders = judges or [order for order in self.searches if order.place(key) is not None]
        kept = next((order for order in orders if order.keeps(key, self.places)), None)
        fate: Fate
        if left is not None:
            fate = "cut" if len(left) < len(text) and text.startswith(left) else "sent"
        elif kept is None:
            fate = "ranked_out" if judges else "ranked_low"
        else:
            fate = "left_out" if self.known else "unknown"
        by_order = fate in ("ranked_out", "ranked_low")
        return ChunkFate(
            doc=hit.doc,
            text=text,
            whole=bool(text) and is_whole(hit.text),
            fate=fate,
            left=left or "",
            place=min((place for order in self.searches if (place := order.place(key))), default=None),
            rank=kept.place(key) if kept is not None else None,
            below=kept.sent_below(key) if fate == "left_out" and kept is not None else 0,
            span=(orders[0].span if orders else None) if by_order else self.prompt,
        )


def _key(hit: Hit) -> tuple[str, str]:
    return hit.doc, squeeze(text_of(hit.text) or "")


def _searches(graph: TraceGraph) -> Iterator[_Ranking]:
    for span in graph.of_kind(Kind.RETRIEVAL):
        if isinstance(span.body, Retrieval) and span.body.hits is not None:
            yield _Ranking(span.id, span.body.hits)


def _reranks(graph: TraceGraph) -> Iterator[_Ranking]:
    """A reranker whose input was not recorded was given what the searches found."""
    pool = [
        hit
        for span in graph.of_kind(Kind.RETRIEVAL)
        if isinstance(span.body, Retrieval)
        for hit in span.body.hits or ()
    ]
    for span in graph.of_kind(Kind.RERANK):
        if isinstance(span.body, Rerank) and span.body.after is not None:
            yield _Ranking(span.id, span.body.after, span.body.before or pool or None)


def _standing(hits: Sequence[Hit], chunks: Sequence[Passage]) -> Iterator[tuple[tuple[str, str], str]]:
    """Chunk -> its text in the prompt: the passage of its document that is it, or its head, or stands there for it."""
    heads: dict[tuple[str, str], list[str]] = defaultdict(list)
    texts: dict[str, str] = {}
    for passage in chunks:
        doc = passage.doc or passage.id
        heads[doc, passage.text[:ANCHOR]].append(passage.text)
        texts[doc] = max(texts.get(doc, ""), passage.text, key=len)
    several = Counter(hit.doc for hit in hits)
    for hit in hits:
        key = _key(hit)
        mine = [text for text in heads.get((hit.doc, key[1][:ANCHOR]), ()) if key[1].startswith(text)]
        if mine:
            yield key, max(mine, key=len)
        elif several[hit.doc] == 1 and hit.doc in texts:
            yield key, texts[hit.doc]
