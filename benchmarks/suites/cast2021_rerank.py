"""TREC CAsT 2021: first-stage and reranked runs, per query against pytrec_eval; helped, hurt or same."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Any, TypeAlias

from benchmarks._bootstrap import exact, measured
from benchmarks.suites._runs import (
    PAIRS,
    Compared,
    as_listed,
    compare,
    difference,
    mean,
    score,
    trace_of,
    verdict,
    views_of,
)
from traceeval.measures.ranking import trec_order

LEVEL = 2
SENT = 5
JUDGED_BY = "retriever.ndcg(k=10)"
PAIRED = (("org_manual_ance", "org_manual_ance_bert"), ("org_convdr", "org_convdr_bert"))
_SHOWN = ("retriever.recall(k=100)", "retriever.ndcg(k=3)", JUDGED_BY, "retriever.ap", "retriever.rr")
_LOSSES = ("retriever.loss", "reranker.loss", "assembler.loss")

Means: TypeAlias = dict[str, dict[str, list[float]]]


def run(rows: list[dict[str, Any]], cv: bool, path: Path) -> dict[str, Any]:
    """Differences and verdicts over all queries; per run the means of metrics.md sections 2 and 3."""
    means: Means = defaultdict(lambda: defaultdict(list))
    listed: Means = defaultdict(lambda: defaultdict(list))
    misses: list[str] = []
    diffs: list[float] = []
    agreed: list[float] = []
    for row in rows:
        found = {name: compare(row["id"], scored, row["qrels"], LEVEL) for name, scored in row["runs"].items()}
        diffs.append(difference(found.values()))
        for name, compared in found.items():
            for measure in _SHOWN:
                means[name][measure].append(compared[measure][0] or 0.0)
            naive = as_listed(row["id"], row["runs"][name], row["qrels"], LEVEL, _SHOWN)
            for measure, value in zip(_SHOWN, naive, strict=True):
                listed[name][measure].append(value)
        same = [_reranked(row, first, second, found, means[second]) for first, second in PAIRED]
        agreed.append(float(all(same)))
        if diffs[-1] > 1e-6 or not agreed[-1]:
            misses.append(f"{row['id']}: differs by {diffs[-1]:.2e}, verdicts {'agree' if agreed[-1] else 'differ'}")
    return {
        "metrics": {
            "max_abs_diff": exact(max(diffs)),
            "verdict_agreement": measured(
                agreed, [row["group"] for row in rows], lambda drawn: sum(drawn) / len(drawn)
            ),
            "values_compared": exact(float(sum(len(row["runs"]) for row in rows) * len(PAIRS))),
        },
        "subsets": {
            name: {**{measure: mean(values) for measure, values in found.items()}, **_headroom(found)}
            for name, found in means.items()
        },
        "baselines": {
            **{f"always {word}": {"verdict_agreement": _always(means, word)} for word in ("helped", "hurt")},
            "order of the file": {
                f"{name} {measure}": sum(values) / len(values)
                for name, found in listed.items()
                for measure, values in found.items()
            },
        },
        "misses": misses,
    }


def _reranked(
    row: dict[str, Any], first: str, second: str, found: dict[str, Compared], means: dict[str, list[float]]
) -> bool:
    """Whether our verdict on a reranker is pytrec_eval's; its losses, with the top of its list as prompt, are noted."""
    sent = trec_order((doc, value) for doc, value in row["runs"][second])[:SENT]
    views = views_of(trace_of(row["id"], row["runs"][first], row["qrels"], LEVEL, row["runs"][second], sent))
    lift = score(views, "reranker.lift")
    ours = verdict(0.0, lift or 0.0)
    for word in ("helped", "hurt", "same"):
        means[word].append(float(ours == word))
    for name in ("reranker.lift", *_LOSSES):
        value = score(views, name)
        if value is not None:
            means[name].append(value)
    return ours == verdict(found[first][JUDGED_BY][1], found[second][JUDGED_BY][1])


def _headroom(found: dict[str, list[float]]) -> dict[str, Any]:
    """Pooled headroom used: all lift over all that could have been gained."""
    lift, left = sum(found["reranker.lift"]), sum(found["reranker.loss"])
    return {"headroom_used": exact(lift / (lift + left))} if lift + left else {}


def _always(means: Means, word: str) -> float:
    """Agreement of a verdict that is always the same word, on both rerankers of a query."""
    both = [min(values) for values in zip(*(means[second][word] for _, second in PAIRED), strict=True)]
    return float(sum(both) / len(both))
