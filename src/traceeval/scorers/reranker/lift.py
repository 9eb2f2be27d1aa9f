"""What reranking gained."""

from __future__ import annotations

from traceeval.graph.views import Reading, StagesView
from traceeval.measures.ranking import relevant_count
from traceeval.model import Evidence
from traceeval.registry import scorer
from traceeval.scorers._stages import K, with_losses


@scorer("reranker.lift", range=(-1.0, 1.0), needs=("reference.documents",))
def lift(view: StagesView, *, k: int = K) -> Reading:
    """nDCG@k after reranking minus before, -1..1; ``why`` lists relevant documents moved into or out of the top k.

    Source: ours.
    """
    if view.ranked is None:
        return Reading.not_applicable("no_rerank: no rerank span was recorded")
    return with_losses(
        view,
        k,
        lambda split: Reading.scored(
            split.lift,
            span=view.rerank_span,
            why=_moves(view, k),
            units=max(relevant_count(view.qrels or {}), 1),
            evidence=tuple(Evidence(span=view.rerank_span or "", field="before", quote=doc) for doc in split.outside),
        ),
    )


def _moves(view: StagesView, k: int) -> str:
    relevant = {doc for doc, grade in (view.qrels or {}).items() if grade >= view.rel_level}
    before, after = set((view.pool or ())[:k]) & relevant, set((view.ranked or ())[:k]) & relevant
    kept = set(view.ranked or ())
    told = {
        "promoted": after - before,
        "demoted": {doc for doc in before - after if doc in kept},
        "dropped": before - after - kept,
    }
    words = [f"{word} {', '.join(sorted(docs))}" for word, docs in told.items() if docs]
    return f"moves: {'; '.join(words)}" if words else ""
