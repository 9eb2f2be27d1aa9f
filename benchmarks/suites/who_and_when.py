"""Who&When: which agent and which step decided a failure. No method sees the right answer.

Without ``--cv`` the shipped ranker speaks; where it was fitted on these very rows, ``in_sample`` says so. With it the
ranker is refitted without the fold's groups, 10 folds, 5 seeds; the ridge is chosen inside the other folds.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from benchmarks.suites._attribution import SEEDS, Run, baselines, folded, judged, metrics, run_of
from traceeval.diagnose._attribution import ranker


def runs_of(rows: list[dict[str, Any]]) -> list[Run]:
    """Every row with what people named."""
    return [
        run_of(row, row["history"], [int(row["mistake_step"])], [row["mistake_agent"]], row["subset"]) for row in rows
    ]


def rows_sha256(path: Path) -> str:
    """Digest of the file the rows come from."""
    file = path / "dev.jsonl" if path.is_dir() else path
    return hashlib.sha256(file.read_bytes()).hexdigest()


def run(rows: list[dict[str, Any]], cv: bool, path: Path) -> dict[str, Any]:
    """Agent, exact step, steps near it, top three; per subset; beside trivial baselines."""
    runs = runs_of(rows)
    if cv:
        said = [judged(one, model) for seed in range(SEEDS) for model, held in folded(runs, seed) for one in held]
    else:
        said = [judged(one, ranker().choice) for one in runs]
    subsets = sorted({one.subset for one in runs})
    return {
        "in_sample": not cv and ranker().rows_sha256 == rows_sha256(path),
        "metrics": metrics(said),
        "subsets": {name: metrics([one for one in said if one.run.subset == name]) for name in subsets},
        "baselines": {
            f"{name}{suffix}": values
            for suffix, part in (("", runs), *((f" ({s})", [r for r in runs if r.subset == s]) for s in subsets))
            for name, values in baselines(part).items()
        },
        "misses": [
            f"{one.run.id}: said {list(one.places)}, people {one.run.steps[0]} ({one.run.agents[0]})"
            for one in said[: len(runs)]
            if one.run.steps[0] not in one.places
        ],
    }
