"""What the pool lost: the first term of the waterfall."""

from __future__ import annotations

from traceeval.graph.views import Reading, StagesView
from traceeval.registry import scorer
from traceeval.scorers._stages import K, with_losses


@scorer("retriever.loss", better="lower", needs=("reference.documents",))
def loss(view: StagesView, *, k: int = K) -> Reading:
    """1 - nDCG@k of the pool in its best order: what no reranker could bring back. Source: ours."""
    return with_losses(view, k, lambda split: Reading.scored(split.retrieval, span=view.span))
