"""Places wasted on a document that was already there."""

from __future__ import annotations

from collections.abc import Sequence

from traceeval.graph.views import Reading, RetrievalView
from traceeval.measures import ranking
from traceeval.model import Hit, text_of
from traceeval.registry import scorer
from traceeval.scorers.retriever._common import NO_HITS, NOTHING


@scorer("retriever.duplicates", better="lower")
def duplicates(view: RetrievalView, *, k: int = 10) -> Reading:
    """Share of the top k that repeats a document; needs no gold. Source: ours.

    Lists nothing merged are taken in turn, so what two searches both found is a repeat. ``why``: how many repeats are
    another chunk of their document.
    """
    if view.hits is None:
        return Reading.failed(NO_HITS, span=view.span)
    top = view.turns[:k]
    value = ranking.duplicates([hit.doc for hit in top], k)
    if value is None:
        return Reading.undefined(NOTHING, span=view.span)
    return Reading.scored(value, units=len(top), span=view.span, why=_other_chunks(top))


def _other_chunks(top: Sequence[Hit]) -> str:
    repeats = len(top) - len({hit.doc for hit in top})
    if not repeats:
        return ""
    others = len({(hit.doc, hit.chunk, hit.offsets, text_of(hit.text)) for hit in top}) - (len(top) - repeats)
    return f"other_chunks: {others} of {repeats} repeats are another chunk of the document" if others else ""
