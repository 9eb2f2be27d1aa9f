"""QAGS: factual consistency of summary sentences against their article, three votes each (evaluation only)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from benchmarks.suites._claims import Row, report


def run(rows: list[dict[str, Any]], cv: bool, path: Path) -> dict[str, Any]:
    """The metrics of labelled claims, by data set."""
    return report(
        [Row(r["id"], (r["context"],), r["claim"], bool(int(r["label"])), r["group"], r["subset"]) for r in rows], cv
    )
