"""Whether reranking hurt: its mean is the harm rate."""

from __future__ import annotations

from traceeval.graph.views import Reading, StagesView
from traceeval.registry import scorer
from traceeval.scorers._stages import K, with_losses

TIE = 1e-12


@scorer("reranker.harm", better="lower", needs=("reference.documents",))
def harm(view: StagesView, *, k: int = K) -> Reading:
    """1 when nDCG@k after reranking is below that before by more than 1e-12, else 0; the mean is the harm rate.

    Source: ours.
    """
    if view.ranked is None:
        return Reading.not_applicable("no_rerank: no rerank span was recorded")
    return with_losses(view, k, lambda split: Reading.scored(float(split.lift < -TIE), span=view.rerank_span))
