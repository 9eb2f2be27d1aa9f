"""Fits the ranker that ships: ``python -m benchmarks.fit_attribution ../shared/data/who_and_when/dev.jsonl``.

Writes weights, the digest of the rows and the ridge, which inner grouped folds chose; no row is kept.
"""

from __future__ import annotations

import sys
from pathlib import Path

import msgspec

from benchmarks.quality import read_rows
from benchmarks.suites._attribution import refit
from benchmarks.suites.who_and_when import rows_sha256, runs_of
from traceeval.diagnose._attribution import Ranker

OUT = Path(__file__).resolve().parent.parent / "src" / "traceeval" / "diagnose" / "data" / "attribution.json"


def main(path: Path) -> None:
    """Fit and write."""
    runs = runs_of(read_rows(path))
    model, ridge = refit(runs)
    made = Ranker(
        data="Who&When (ag2ai/Agents_Failure_Attribution, MIT), development rows",
        rows=len(runs),
        rows_sha256=rows_sha256(path),
        ridge=ridge,
        mean={name: round(value, 6) for name, value in model.mean.items()},
        scale={name: round(value, 6) for name, value in model.scale.items()},
        weights={name: round(value, 6) for name, value in model.weights.items()},
    )
    OUT.write_bytes(msgspec.json.format(msgspec.json.encode(made), indent=1) + b"\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
