"""TREC CAsT 2021: first-stage and reranked runs, per query against pytrec_eval; helped, hurt or same."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Any

from benchmarks._bootstrap import exact, measured
from benchmarks.suites._runs import PAIRS, Scored, compare, score, trace_of, verdict

LEVEL = 2
PAIRED = (("org_manual_ance", "org_manual_ance_bert"), ("org_convdr", "org_convdr_bert"))
LOSSES = ("retriever.loss", "reranker.loss", "assembler.loss")
_SHOWN = ("retriever.recall(k=100)", "retriever.ndcg(k=3)", "retriever.ndcg(k=10)", "retriever.ap", "retriever.rr")


def run(rows: list[dict[str, Any]], cv: bool, path: Path) -> dict[str, Any]:
    """Differences, verdicts, and the means of the table in the documentation."""
    groups = [row["group"] for row in rows]
    means: dict[str, list[float]] = defaultdict(list)
    misses: list[str] = []
    diffs: list[float] = []
    agreed: list[float] = []
    for row in rows:
        pairs = {name: compare(row["id"], scored, row["qrels"], LEVEL) for name, scored in row["runs"].items()}
        row_diffs = [abs(a - b) for found in pairs.values() for a, b in found.values()]
        diffs.append(max(row_diffs, default=0.0))
        for name, found in pairs.items():
            for measure in _SHOWN:
                # trec_eval's means count a query without a relevant document as 0; ours leave it undefined
                means[f"{name} {measure}"].append(found[measure][0] if measure in found else 0.0)
        agreed.append(_verdicts(row, pairs, means))
        if diffs[-1] > 1e-6 or not agreed[-1]:
            misses.append(f"{row['id']}: differs by {diffs[-1]:.2e}, verdicts {'agree' if agreed[-1] else 'differ'}")
    return {
        "metrics": {
            "max_abs_diff": exact(max(diffs)),
            "verdict_agreement": measured(agreed, groups, lambda drawn: sum(drawn) / len(drawn)),
            "values_compared": exact(float(sum(len(row["runs"]) for row in rows) * len(PAIRS))),
        },
        "subsets": {"means": {name: exact(sum(values) / len(values)) for name, values in means.items()}},
        "baselines": {
            "always helped": {"verdict_agreement": _always(means, "helped")},
            "always hurt": {"verdict_agreement": _always(means, "hurt")},
        },
        "misses": misses,
    }


def _verdicts(row: dict[str, Any], pairs: dict[str, Any], means: dict[str, list[float]]) -> float:
    """1.0 when our verdict on every reranker is pytrec_eval's; losses and verdict shares go into ``means``."""
    same = True
    for first, second in PAIRED:
        measure = "retriever.ndcg(k=10)"
        theirs = verdict(pairs[first][measure][1], pairs[second][measure][1])
        trace = trace_of(row["id"], row["runs"][first], row["qrels"], LEVEL, row["runs"][second])
        lift = score(trace, "reranker.lift").value or 0.0
        ours = verdict(0.0, lift)
        same = same and ours == theirs
        for word in ("helped", "hurt", "same"):
            means[f"{second} {word}"].append(float(ours == word))
        _losses(row, first, second, means)
    return float(same)


def _losses(row: dict[str, Any], first: str, second: str, means: dict[str, list[float]]) -> None:
    """The waterfall with the top 5 of the reranked list as the prompt (metrics.md section 3)."""
    from traceeval.measures.ranking import trec_order
    from traceeval.measures.waterfall import losses

    pool, ranked = (trec_order(_pairs(row["runs"][name])) for name in (first, second))
    split = losses(pool, ranked, ranked[:5], row["qrels"], 10)
    if split is not None:
        for name, value in zip(LOSSES, (split.retrieval, split.rerank, split.assembly), strict=True):
            means[f"{second} {name}"].append(value or 0.0)


def _pairs(run: list[list[Any]]) -> Scored:
    return [(doc, value) for doc, value in run]


def _always(means: dict[str, list[float]], word: str) -> float:
    """Agreement of a verdict that is always the same word, on both rerankers of a query."""
    columns = [means[f"{second} {word}"] for _, second in PAIRED]
    both = [min(values) for values in zip(*columns, strict=True)]
    return float(sum(both) / len(both))
