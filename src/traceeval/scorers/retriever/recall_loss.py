"""What is in the index and no recorded search found."""

from __future__ import annotations

from traceeval.graph.views import Reading, StagesView
from traceeval.registry import scorer
from traceeval.scorers._stages import K, with_part


@scorer("retriever.recall_loss", better="lower", needs=("reference.documents",))
def recall_loss(view: StagesView, *, k: int = K) -> Reading:
    """nDCG@k of what could be found, in its best order, minus that of what any recorded search found.

    A part of ``retriever.loss``, all of it where a trace records no other; ``retriever.search_loss`` splits it. Source: ours.
    """
    return with_part(view, k, "recall", "no search was recorded")
