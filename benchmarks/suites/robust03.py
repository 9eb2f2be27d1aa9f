"""TREC 2003 Robust: four submitted runs, per query against pytrec_eval."""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations
from pathlib import Path
from typing import Any

from benchmarks._bootstrap import exact, measured
from benchmarks.suites._runs import PAIRS, Compared, as_listed, compare, difference, mean, verdict

LEVEL = 1
RANK_BY = "retriever.ap"


def run(rows: list[dict[str, Any]], cv: bool, path: Path) -> dict[str, Any]:
    """Differences over all values; verdicts: which of each pair of runs is better on a query, ours against theirs."""
    diffs, agreed, misses, listed = [], [], [], []
    means: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        found = {name: compare(row["id"], scored, row["qrels"], LEVEL) for name, scored in row["runs"].items()}
        diffs.append(difference(found.values()))
        agreed.append(_agreement(found))
        for name, compared in found.items():
            (naive,) = as_listed(row["id"], row["runs"][name], row["qrels"], LEVEL, [RANK_BY])
            listed.append(abs(naive - compared[RANK_BY][1]))
            for measure, (value, _) in compared.items():
                means[name][measure].append(value or 0.0)
        if diffs[-1] > 1e-6 or agreed[-1] < 1:
            misses.append(f"{row['id']}: differs by {diffs[-1]:.2e}")
    return {
        "metrics": {
            "max_abs_diff": exact(max(diffs)),
            "verdict_agreement": measured(
                agreed, [row["group"] for row in rows], lambda drawn: sum(drawn) / len(drawn)
            ),
            "values_compared": exact(float(sum(len(row["runs"]) for row in rows) * len(PAIRS))),
        },
        "subsets": {
            name: {measure: mean(values) for measure, values in found.items()} for name, found in means.items()
        },
        "baselines": {"order of the file": {f"max_abs_diff {RANK_BY}": max(listed)}},
        "misses": misses,
    }


def _agreement(found: dict[str, Compared]) -> float:
    """Share of pairs of runs on which our verdict is pytrec_eval's."""
    same = []
    for one, other in combinations(sorted(found), 2):
        (a, their_a), (b, their_b) = found[one][RANK_BY], found[other][RANK_BY]
        same.append(verdict(a or 0.0, b or 0.0) == verdict(their_a, their_b))
    return sum(same) / len(same)
