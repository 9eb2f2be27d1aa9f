"""TREC 2003 Robust: four submitted runs, per query against pytrec_eval."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Any

from benchmarks._bootstrap import exact, measured
from benchmarks.suites._runs import PAIRS, compare, verdict

_RANK_BY = "retriever.ap"


def run(rows: list[dict[str, Any]], cv: bool, path: Path) -> dict[str, Any]:
    """Differences over all values; verdicts: which of each pair of runs is better on a query, ours against theirs."""
    groups = [row["group"] for row in rows]
    diffs, agreed, misses = [], [], []
    means: dict[str, list[float]] = defaultdict(list)
    for row in rows:
        found = {name: compare(row["id"], scored, row["qrels"], 1) for name, scored in row["runs"].items()}
        diffs.append(max((abs(a - b) for values in found.values() for a, b in values.values()), default=0.0))
        names = sorted(found)
        pairs = [(a, b) for i, a in enumerate(names) for b in names[i + 1 :]]
        same = [
            verdict(found[a][_RANK_BY][0], found[b][_RANK_BY][0])
            == verdict(found[a][_RANK_BY][1], found[b][_RANK_BY][1])
            for a, b in pairs
        ]
        agreed.append(sum(same) / len(same))
        for name, values in found.items():
            means[f"{name} {_RANK_BY}"].append(values[_RANK_BY][0])
        if diffs[-1] > 1e-6 or agreed[-1] < 1:
            misses.append(f"{row['id']}: differs by {diffs[-1]:.2e}")
    return {
        "metrics": {
            "max_abs_diff": exact(max(diffs)),
            "verdict_agreement": measured(agreed, groups, lambda drawn: sum(drawn) / len(drawn)),
            "values_compared": exact(float(sum(len(row["runs"]) for row in rows) * len(PAIRS))),
        },
        "subsets": {"means": {name: exact(sum(values) / len(values)) for name, values in means.items()}},
        "baselines": {},
        "misses": misses,
    }
