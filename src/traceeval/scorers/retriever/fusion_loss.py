"""What a search found and the merging or cutting of lists lost."""

from __future__ import annotations

from traceeval.graph.views import Reading, StagesView
from traceeval.registry import scorer
from traceeval.scorers._stages import K, with_part


@scorer("retriever.fusion_loss", better="lower", needs=("reference.documents",))
def fusion_loss(view: StagesView, *, k: int = K) -> Reading:
    """nDCG@k of all that the used searches found, in its best order, minus that of the pool they handed on.

    A part of ``retriever.loss``; not applicable where one search's list was handed on as it was. Source: ours.
    """
    return with_part(view, k, "fusion", "one list was handed on as it was found")
