"""Places wasted on a document that was already there."""

from __future__ import annotations

from traceeval.graph.views import Reading, RetrievalView
from traceeval.measures import ranking
from traceeval.registry import scorer
from traceeval.scorers.retriever._common import NO_HITS, NOTHING


@scorer("retriever.duplicates", better="lower")
def duplicates(view: RetrievalView, *, k: int = 10) -> Reading:
    """Share of the top k that repeats a document; needs no gold. Source: ours."""
    if view.hits is None:
        return Reading.failed(NO_HITS, span=view.span)
    value = ranking.duplicates(view.docs, k)
    if value is None:
        return Reading.undefined(NOTHING, span=view.span)
    return Reading.scored(value, units=len(view.docs[:k]), span=view.span)
