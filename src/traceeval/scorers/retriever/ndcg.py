"""Normalised discounted cumulative gain at k."""

from __future__ import annotations

from typing import Literal

from traceeval.graph.views import Reading, RetrievalView
from traceeval.measures import ranking
from traceeval.registry import scorer
from traceeval.scorers.retriever._common import against_gold


@scorer("retriever.ndcg", needs=("reference.documents",))
def ndcg(view: RetrievalView, *, k: int = 10, gain: Literal["linear", "exp"] = "linear") -> Reading:
    """DCG of the top k over that of the best ranking of **all** judged documents. Source: Järvelin & Kekäläinen (2002).

    ``gain="linear"`` is trec_eval's; ``"exp"`` is 2^grade - 1. Undefined when no judged document has a gain.
    """
    exp = gain == "exp"
    ideal = ranking.ideal_dcg(view.qrels or {}, k, exp=exp)
    return against_gold(view, lambda gains, relevant: ranking.ndcg(gains, ideal, k, exp=exp))
