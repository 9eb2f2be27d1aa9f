"""How much of what could be gained the reranker gained."""

from __future__ import annotations

from traceeval.graph.views import Reading, StagesView
from traceeval.measures.waterfall import Losses
from traceeval.registry import scorer
from traceeval.scorers._stages import K, with_losses


@scorer("reranker.headroom_used", range=None, needs=("reference.documents",))
def headroom_used(view: StagesView, *, k: int = K) -> Reading:
    """Lift over the gain of a perfect reranker: at most 1, negative where it hurt; undefined without headroom.

    Source: ours.
    """
    if view.ranked is None:
        return Reading.not_applicable("no_rerank: no rerank span was recorded")

    def term(split: Losses) -> Reading:
        if split.headroom <= 1e-12:
            return Reading.undefined("no_headroom: the first-stage order was already the best", span=view.rerank_span)
        return Reading.scored(split.lift / split.headroom, span=view.rerank_span)

    return with_losses(view, k, term)
