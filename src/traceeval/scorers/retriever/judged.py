"""How much of the top k was ever judged: what the other scores rest on."""

from __future__ import annotations

from traceeval.graph.views import Reading, RetrievalView
from traceeval.measures import ranking
from traceeval.registry import scorer
from traceeval.scorers.retriever._common import NOTHING, against_gold


@scorer("retriever.judged", needs=("reference.documents",))
def judged(view: RetrievalView, *, k: int = 10) -> Reading:
    """Judged documents in the top k over the documents there; undefined when there are none. Source: ir-measures."""
    return against_gold(view, lambda gains, relevant: ranking.judged(view.docs, view.qrels or {}, k), empty=NOTHING)
