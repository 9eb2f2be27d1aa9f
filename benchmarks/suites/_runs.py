"""Ranked runs through the product's own path: traces, views, scorers; and pytrec_eval beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from traceeval.graph import TraceGraph, build_views
from traceeval.graph.views import Reading
from traceeval.measures.ranking import trec_order
from traceeval.model import Hit, Kind, Reference, Rerank, Retrieval, Span, Trace
from traceeval.registry import Registry, Scorer

SCORERS = Registry("traceeval.scorers", Scorer)
# ours -> trec_eval's measure; every one is compared per query
PAIRS = {
    "retriever.recall(k=100)": "recall_100",
    "retriever.recall(k=10)": "recall_10",
    "retriever.ndcg(k=3)": "ndcg_cut_3",
    "retriever.ndcg(k=10)": "ndcg_cut_10",
    "retriever.ndcg(k=100)": "ndcg_cut_100",
    "retriever.precision(k=5)": "P_5",
    "retriever.precision(k=10)": "P_10",
    "retriever.ap": "map",
    "retriever.rr": "recip_rank",
    "retriever.bpref": "bpref",
}
TIE = 1e-12

Scored = Sequence[tuple[str, float]]


def hits(run: Scored) -> tuple[Hit, ...]:
    """A run's documents in trec_eval's order."""
    scores = dict(run)
    return tuple(Hit(doc=doc, rank=rank, score=scores[doc]) for rank, doc in enumerate(trec_order(run), 1))


def trace_of(name: str, run: Scored, qrels: Mapping[str, int], level: int, reranked: Scored | None = None) -> Trace:
    """One query as a trace: a retrieval and, with ``reranked``, a rerank span."""
    spans = [Span(id="r", kind=Kind.RETRIEVAL, body=Retrieval(hits=hits(run)))]
    if reranked is not None:
        spans.append(Span(id="k", kind=Kind.RERANK, seq=1, body=Rerank(before=hits(run), after=hits(reranked))))
    reference = Reference(documents=dict(qrels), rel_level=level)
    return Trace(id=name, schema_version="traceeval/1", spans=tuple(spans), reference=reference)


def score(trace: Trace, name: str) -> Reading:
    """One configured scorer on one trace."""
    scorer, options = SCORERS.configured(name)
    views = build_views(TraceGraph(trace))
    seen = views.retrieval if scorer.sees.__name__ == "RetrievalView" else views.stages
    reading: Reading = scorer.call(seen, **options)
    return reading


def compare(name: str, run: Scored, qrels: Mapping[str, int], level: int) -> dict[str, tuple[float, float]]:
    """Per measure: our value and pytrec_eval's. A value we leave undefined is left out."""
    import pytrec_eval

    trace = trace_of(name, run, qrels, level)
    oracle = pytrec_eval.RelevanceEvaluator({name: dict(qrels)}, set(PAIRS.values()), relevance_level=level)
    theirs = oracle.evaluate({name: dict(run)})[name]
    ours = {mine: score(trace, mine).value for mine in PAIRS}
    return {mine: (value, theirs[PAIRS[mine]]) for mine, value in ours.items() if value is not None}


def verdict(before: float, after: float) -> str:
    """What a reranker did to one query: nDCG@10, ties at 1e-12 (rulings)."""
    return "same" if abs(after - before) <= TIE else "helped" if after > before else "hurt"
