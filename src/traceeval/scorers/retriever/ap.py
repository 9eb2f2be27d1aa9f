"""Average precision."""

from __future__ import annotations

from traceeval.graph.views import Reading, RetrievalView
from traceeval.measures import ranking
from traceeval.registry import scorer
from traceeval.scorers.retriever._common import against_gold


@scorer("retriever.ap", needs=("reference.documents",))
def ap(view: RetrievalView) -> Reading:
    """Mean of the precision at each relevant document, over **all** relevant ones. Source: trec_eval map."""
    return against_gold(view, lambda gains, relevant: ranking.average_precision(gains, relevant, view.rel_level))
