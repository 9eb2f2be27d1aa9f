"""Recall at k."""

from __future__ import annotations

from traceeval.graph.views import Reading, RetrievalView
from traceeval.measures import ranking
from traceeval.registry import scorer
from traceeval.scorers.retriever._common import against_gold


@scorer("retriever.recall", needs=("reference.documents",))
def recall(view: RetrievalView, *, k: int = 10) -> Reading:
    """Share of the known relevant documents found in the top k. Source: Manning, Raghavan & Schütze (2008), ch. 8."""
    return against_gold(view, lambda gains, relevant: ranking.recall(gains, relevant, view.depth(k), view.rel_level))
