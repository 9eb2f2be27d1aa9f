"""Binary preference: robust to unjudged documents."""

from __future__ import annotations

from traceeval.graph.views import Reading, RetrievalView
from traceeval.measures import ranking
from traceeval.registry import scorer
from traceeval.scorers.retriever._common import against_gold


@scorer("retriever.bpref", needs=("reference.documents",))
def bpref(view: RetrievalView) -> Reading:
    """How far relevant documents stand above judged non-relevant ones. Source: Buckley & Voorhees (2004)."""
    return against_gold(view, lambda gains, relevant: ranking.bpref(view.docs, view.qrels or {}, view.rel_level))
