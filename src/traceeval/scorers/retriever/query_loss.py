"""What another query would have found."""

from __future__ import annotations

from traceeval.graph.views import Reading, StagesView
from traceeval.registry import scorer
from traceeval.scorers._stages import K, with_part


@scorer("retriever.query_loss", better="lower", needs=("reference.documents",))
def query_loss(view: StagesView, *, k: int = K) -> Reading:
    """nDCG@k, in their best order, of what the retriever found when asked otherwise too, minus that without it.

    A part of ``retriever.loss``; not applicable unless a search with another query was recorded beside the used one. Source: ours.
    """
    return with_part(view, k, "query", "no search with another query was recorded beside the one that was used")
