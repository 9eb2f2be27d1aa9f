"""ASSEBench-Security: agent records in prose. Rows whose text gives the label away are masked, always.

382 of 409 unsafe records hold the words "attacker tool" or "attacker goal" and no safe one does (the data set's own
README); no figure is quoted on them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from benchmarks.suites.rjudge import figures


def masked(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows without a leak marker."""
    return [row for row in rows if not row["leak_marker"]]


def run(rows: list[dict[str, Any]], cv: bool, path: Path) -> dict[str, Any]:
    """The figures of ``rjudge`` on the rows that are left, and how many are."""
    left = masked(rows)
    unsafe = sum(bool(row["label"]) for row in left)
    return {"used": len(left), "used_unsafe": unsafe, "masked": len(rows) - len(left), **figures(left, cv)}
