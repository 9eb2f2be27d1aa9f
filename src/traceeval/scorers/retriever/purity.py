"""Purity at k: what users read "precision" as."""

from __future__ import annotations

from traceeval.graph.views import Reading, RetrievalView
from traceeval.measures import ranking
from traceeval.registry import scorer
from traceeval.scorers.retriever._common import NOTHING, against_gold


@scorer("retriever.purity", needs=("reference.documents",))
def purity(view: RetrievalView, *, k: int = 10) -> Reading:
    """Relevant documents in the top k over the documents there; undefined when nothing was retrieved. Source: ours."""
    return against_gold(view, lambda gains, relevant: ranking.purity(gains, k, view.rel_level), empty=NOTHING)
