"""Any file of labelled claims: rows ``{id, group, contexts: [...], claim, label: 0|1}``, optional ``subset``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from benchmarks.suites._claims import Row, report


def run(rows: list[dict[str, Any]], cv: bool, path: Path) -> dict[str, Any]:
    """The metrics of labelled claims."""
    return report(
        [
            Row(str(r["id"]), r["contexts"], r["claim"], bool(int(r["label"])), str(r["group"]), r.get("subset") or "")
            for r in rows
        ],
        cv,
    )
