"""NovelEval: 20 passages a query, graded by people. ``ndcg@10`` of a lexical reranker: support of the query.

Each passage is scored by how much of the query stands in it (the embedded checker's formula), ties by document id as
trec_eval does. BM25 runs beside it on the same passages; the others are published.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from benchmarks._bootstrap import measured
from traceeval.measures.ranking import first_gains, ideal_dcg, ndcg, trec_order
from traceeval.measures.support import Context, claim_support, features_of
from traceeval.measures.tokens import tokenise

DEPTH = 10
PUBLISHED = {
    "BM25 (published, all 21)": 0.5577,
    "monoT5-3B (published, all 21)": 0.8462,
    "gpt-4 (published, all 21)": 0.9045,
}


def run(rows: list[dict[str, Any]], cv: bool, path: Path) -> dict[str, Any]:
    """Mean nDCG@10 over queries, with BM25 and the order of the file beside it."""
    told = [(row["group"], gain(row, by_support(row))) for row in rows]
    return {
        "metrics": {
            "ndcg@10": measured(told, [g for g, _ in told], lambda drawn: sum(v for _, v in drawn) / len(drawn))
        },
        "subsets": {},
        "baselines": {
            "BM25, same rows": {"ndcg@10": sum(gain(row, by_bm25(row)) for row in rows) / len(rows)},
            "order of the file": {
                "ndcg@10": sum(gain(row, [(p["id"], -float(n)) for n, p in enumerate(row["passages"])]) for row in rows)
                / len(rows)
            },
            **{name: {"ndcg@10": value} for name, value in PUBLISHED.items()},
        },
        "misses": [],
    }


def gain(row: dict[str, Any], scored: list[tuple[str, float]]) -> float:
    """NDCG@10 of an order."""
    qrels = {passage["id"]: int(passage["rel"]) for passage in row["passages"]}
    return ndcg(first_gains(trec_order(scored), qrels), ideal_dcg(qrels, DEPTH), DEPTH) or 0.0


def by_support(row: dict[str, Any]) -> list[tuple[str, float]]:
    """How much of the query stands in each passage."""
    query = tokenise(row["query"])
    return [(p["id"], claim_support(features_of(query, row["query"], Context([p["text"]])))) for p in row["passages"]]


def by_bm25(row: dict[str, Any]) -> list[tuple[str, float]]:
    """BM25 over the twenty passages, with our stems."""
    from rank_bm25 import BM25Okapi

    scores = BM25Okapi([list(tokenise(p["text"]).stems) for p in row["passages"]]).get_scores(
        list(tokenise(row["query"]).content)
    )
    return [(p["id"], float(score)) for p, score in zip(row["passages"], scores, strict=True)]
