"""Reciprocal rank."""

from __future__ import annotations

from traceeval.graph.views import Reading, RetrievalView
from traceeval.measures import ranking
from traceeval.registry import scorer
from traceeval.scorers.retriever._common import against_gold


@scorer("retriever.rr", needs=("reference.documents",))
def rr(view: RetrievalView) -> Reading:
    """1 over the place of the first relevant document, 0 without one. Source: trec_eval recip_rank."""
    return against_gold(view, lambda gains, relevant: ranking.reciprocal_rank(gains, relevant, view.rel_level))
