"""Rows of TREC and BEIR tables: runs (six columns), qrels (four), BEIR qrels (three with a header)."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from io import BufferedReader

from traceeval.adapters._tally import Tally
from traceeval.model import Diagnostic


@dataclass(frozen=True, slots=True)
class Row:
    """One judgement or one ranked document."""

    query: str
    doc: str
    value: float
    tag: str = ""


def columns(line: str) -> list[str]:
    """Fields of a line: by tab where there is one, else by white space."""
    return [part.strip() for part in line.split("\t")] if "\t" in line else line.split()


def is_header(parts: list[str]) -> bool:
    """Whether a line names its columns."""
    return bool(parts) and parts[0].lower().replace("_", "-") in ("query-id", "qid", "queryid")


def rows(stream: BufferedReader, where: str, tally: Tally) -> Iterator[Row | Diagnostic]:
    """Every row; a line of another form is a diagnostic."""
    for number, line in enumerate(stream, 1):
        parts = columns(line.decode("utf-8-sig" if number == 1 else "utf-8", "replace").strip("\r\n"))
        if not parts or parts == [""]:
            continue
        tally.records += 1
        if number == 1 and is_header(parts):
            tally.dropped["record.header"] += 1
            continue
        row = _row(parts)
        if row is None:
            tally.dropped["record.skipped"] += 1
            text = f"{len(parts)} columns: expected `query Q0 doc rank score tag`, `query 0 doc grade` or `query doc grade`"
            yield Diagnostic(code="record.skipped", level="error", where=f"{where}:{number}", text=text)
            continue
        tally.kept["record"] += 1
        yield row


def _row(parts: list[str]) -> Row | None:
    try:
        if len(parts) == 6:
            row = Row(parts[0], parts[2], float(parts[4]), parts[5])
        elif len(parts) in (3, 4):
            row = Row(parts[0], parts[-2], float(int(parts[-1])))
        else:
            return None
    except ValueError:
        return None
    return row if math.isfinite(row.value) else None
