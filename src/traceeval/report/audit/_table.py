"""Tables and lines of a pack: no cell runs in a spreadsheet, no character acts or hides."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from traceeval.measures.safe_text import visible
from traceeval.report.audit.verify import GUARDED, as_text


def cell(value: Any) -> str:
    """A value as a cell: acting characters are spelled out, and text that a spreadsheet would run is quoted by ``'``."""
    text = visible(as_text(value))
    return f"'{text}" if not isinstance(value, (int, float)) and text.startswith(GUARDED) else text


def write_table(path: Path, columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> int:
    """A CSV file with a heading; how many rows. A column a row lacks is empty."""
    count = 0
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(columns)
        for row in rows:
            writer.writerow([cell(row.get(column)) for column in columns])
            count += 1
    return count


def write_lines(path: Path, rows: Iterable[Mapping[str, Any]]) -> int:
    """JSON lines in ASCII: every other character is escaped; how many."""
    count = 0
    with path.open("w", encoding="ascii", newline="") as out:
        for row in rows:
            out.write(json.dumps(row, sort_keys=True, separators=(",", ":")) + "\n")
            count += 1
    return count


def write_json(path: Path, value: object) -> None:
    """One JSON document in ASCII, indented to be read."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, sort_keys=True, indent=1) + "\n", encoding="ascii")
