"""tau-bench airline: with gold, write calls and required outputs against the recorded reward; without gold, defects."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from benchmarks.suites._tau import report


def run(rows: list[dict[str, Any]], cv: bool, path: Path) -> dict[str, Any]:
    """``soft_auroc``, ``kappa`` use gold; ``defect_*`` do not. ``flagged_passed`` lists every flagged run that passed."""
    return report(rows, "airline", path)
