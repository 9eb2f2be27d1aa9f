"""Precision at k."""

from __future__ import annotations

from traceeval.graph.views import Reading, RetrievalView
from traceeval.measures import ranking
from traceeval.registry import scorer
from traceeval.scorers.retriever._common import against_gold


@scorer("retriever.precision", needs=("reference.documents",))
def precision(view: RetrievalView, *, k: int = 10) -> Reading:
    """Relevant documents in the top k over k: a short list is charged. Source: trec_eval P."""
    return against_gold(view, lambda gains, relevant: ranking.precision(gains, relevant, k, view.rel_level))
