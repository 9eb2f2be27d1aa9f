"""Ranked runs through the product's own path: traces, views, scorers; and pytrec_eval beside them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

from benchmarks._bootstrap import exact
from traceeval.graph import TraceGraph, Views, build_views
from traceeval.graph.views import Reading, RetrievalView
from traceeval.measures.ranking import trec_order
from traceeval.model import Generation, Hit, Kind, Message, Reference, Rerank, Retrieval, Span, Trace
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


def trace_of(
    name: str,
    run: Scored,
    qrels: Mapping[str, int],
    level: int,
    reranked: Scored | None = None,
    sent: Sequence[str] | None = None,
) -> Trace:
    """One query as a trace: a retrieval; with ``reranked`` a rerank span; with ``sent`` a prompt of these documents."""
    spans = [Span(id="r", kind=Kind.RETRIEVAL, body=Retrieval(hits=hits(run)))]
    if reranked is not None:
        spans.append(Span(id="k", kind=Kind.RERANK, seq=1, body=Rerank(before=hits(run), after=hits(reranked))))
    if sent is not None:
        prompt = Message(role="system", content="\n".join(f"[{doc}]" for doc in sent))
        answer = Message(role="assistant", content="answer")
        spans.append(Span(id="g", kind=Kind.MODEL, seq=2, body=Generation(messages=(prompt,), output=answer)))
    reference = Reference(documents=dict(qrels), rel_level=level)
    return Trace(id=name, schema_version="traceeval/1", spans=tuple(spans), reference=reference)


def score(views: Views, name: str) -> float | None:
    """The value of one configured scorer, called as ``evaluate`` calls it; None unless it is scored."""
    scorer, options = SCORERS.configured(name)
    reading: Reading = scorer.call(views.retrieval if scorer.sees is RetrievalView else views.stages, **options)
    return reading.value


def views_of(trace: Trace) -> Views:
    """What the scorers see of a trace."""
    return build_views(TraceGraph(trace))


Compared: TypeAlias = dict[str, tuple[float | None, float]]


def compare(name: str, run: Scored, qrels: Mapping[str, int], level: int) -> Compared:
    """Per measure: our value and pytrec_eval's, which is 0 where ours is None because nothing is relevant."""
    import pytrec_eval

    views = views_of(trace_of(name, run, qrels, level))
    oracle = pytrec_eval.RelevanceEvaluator({name: dict(qrels)}, set(PAIRS.values()), relevance_level=level)
    theirs = oracle.evaluate({name: dict(run)})[name]
    return {mine: (score(views, mine), theirs[other]) for mine, other in PAIRS.items()}


def difference(found: Iterable[Compared]) -> float:
    """The largest difference of one query's values."""
    return max(abs((mine or 0.0) - theirs) for compared in found for mine, theirs in compared.values())


def as_listed(name: str, run: Scored, qrels: Mapping[str, int], level: int, measures: Iterable[str]) -> list[float]:
    """Our values on a run in the order its file lists it: what one gets who does not break ties as trec_eval does."""
    order = [(doc, -float(place)) for place, (doc, _) in enumerate(run)]
    views = views_of(trace_of(name, order, qrels, level))
    return [score(views, measure) or 0.0 for measure in measures]


def verdict(before: float, after: float) -> str:
    """What a reranker did to one query: nDCG@10, ties at 1e-12 (rulings)."""
    return "same" if abs(after - before) <= TIE else "helped" if after > before else "hurt"


def mean(values: Sequence[float]) -> dict[str, float | None]:
    """A mean over queries, as trec_eval prints it."""
    return exact(sum(values) / len(values))
