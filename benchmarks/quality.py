"""Quality on labelled rows: ``python benchmarks/quality.py SUITE --data FILE [--cv]`` prints one JSON object.

It takes any file in the layout of the suite and uses what the package ships; a suite that simulates its rows takes none.
``--cv`` refits what was fitted by group cross-validation on the rows given.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PYTHON = ROOT / ".venv" / "bin" / "python"


def suites() -> list[str]:
    """Names of all suites."""
    return sorted(path.stem for path in (ROOT / "benchmarks" / "suites").glob("[a-z]*.py"))


def read_rows(path: Path) -> list[dict[str, Any]]:
    """JSON lines; a folder stands for its ``dev.jsonl`` or ``labels.jsonl``, or is itself what a suite reads."""
    if path.is_dir():
        inside = [path / name for name in ("dev.jsonl", "labels.jsonl") if (path / name).exists()]
        if not inside:
            return []
        path = inside[0]
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def main() -> None:
    """Parse, run the suite in the project's environment, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("suite", choices=suites())
    parser.add_argument("--data", type=Path, help="rows; not for suites that simulate theirs")
    parser.add_argument("--cv", action="store_true")
    options = parser.parse_args()
    if PYTHON.exists() and Path(sys.prefix).resolve() != (ROOT / ".venv").resolve():
        os.execv(PYTHON, [str(PYTHON), __file__, *sys.argv[1:]])
    sys.path.insert(0, str(ROOT))
    suite = importlib.import_module(f"benchmarks.suites.{options.suite}")
    simulated = getattr(suite, "rows", None)
    if (options.data is None) is not (simulated is not None):
        parser.error(f"{options.suite} {'simulates its rows: leave out' if simulated else 'needs'} --data")
    rows = simulated() if simulated else read_rows(options.data)
    found = suite.run(rows, options.cv, options.data)
    head = {"suite": options.suite, "rows": len(rows), "groups": len({row.get("group") for row in rows})}
    print(json.dumps({**head, **found}, indent=2, allow_nan=False))


if __name__ == "__main__":
    main()
