"""What the order lost: the middle term of the waterfall."""

from __future__ import annotations

from traceeval.graph.views import Reading, StagesView
from traceeval.registry import scorer
from traceeval.scorers._stages import K, with_losses


@scorer("reranker.loss", better="lower", needs=("reference.documents",))
def loss(view: StagesView, *, k: int = K) -> Reading:
    """nDCG@k of the pool in its best order minus that of the list as it left the reranker. Source: ours.

    Without a rerank span it is the first-stage order's loss, and ``why`` says ``ranking``.
    """
    why = "" if view.ranked is not None else "ranking: no rerank span, the first-stage order counts"
    return with_losses(view, k, lambda split: Reading.scored(split.rerank, span=view.rerank_span or view.span, why=why))
