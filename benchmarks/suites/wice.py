"""WiCE: Wikipedia claims against a cited article; supported against the rest, and ``recall@5`` of the evidence.

``recall@5``: of the best gold set of sentences, the share among the five sentences the checker ranks first.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from benchmarks._bootstrap import measured
from benchmarks.suites._claims import Row, report
from traceeval.measures.claims import claims_of
from traceeval.measures.support import Context, ranked_sentences

DEPTH = 5


def run(rows: list[dict[str, Any]], cv: bool, path: Path) -> dict[str, Any]:
    """The metrics of labelled claims, and how well the evidence is found."""
    told = report([Row(r["id"], r["evidence"], r["claim"], bool(int(r["label"])), r["group"]) for r in rows], cv)
    known = [(row["group"], recall(row)) for row in rows if any(row["supporting_sentences"])]
    told["metrics"]["recall@5"] = measured(
        known, [group for group, _ in known], lambda d: sum(v for _, v in d) / len(d)
    )
    told["baselines"]["word overlap (published page)"] = {"recall@5": 0.741}
    return told


def recall(row: dict[str, Any]) -> float:
    """Share of the best gold set within the first five sentences."""
    context = Context(row["evidence"])
    stems = frozenset(stem for claim in claims_of(row["claim"]) for stem in claim.tokens.content)
    passages = dict.fromkeys(context.passage_of(at) for at in ranked_sentences(stems, context))
    first = set(list(passages)[:DEPTH])
    return max(len(first & set(gold)) / len(gold) for gold in row["supporting_sentences"] if gold)
