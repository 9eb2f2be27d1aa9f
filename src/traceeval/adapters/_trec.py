"""Rows of TREC and BEIR tables: runs (six columns), qrels (four), BEIR qrels (three with a header)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from io import BufferedReader

from traceeval.adapters._tally import Tally
from traceeval.model import Diagnostic

_FLOAT32_MAX = 3.4028234663852886e38


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


def is_comment(line: str) -> bool:
    """Whether trec_eval would skip a line."""
    return line.startswith("#")


def is_header(parts: list[str]) -> bool:
    """Whether a line names its columns."""
    return bool(parts) and parts[0].lower().replace("_", "-") in ("query-id", "qid", "queryid")


def is_number(text: str) -> bool:
    """Whether a column holds a score."""
    return _number(text) is not None


def is_whole_number(text: str) -> bool:
    """Whether a column holds a grade."""
    value = _number(text)
    return value is not None and value.is_integer()


def rows(stream: BufferedReader, tally: Tally) -> Iterator[Row | Diagnostic]:
    """Every row; a line of another form is a diagnostic. A document twice for one query is folded into the first."""
    seen: dict[str, set[str]] = {}
    for number, line in enumerate(stream, 1):
        text = line.decode("utf-8-sig" if number == 1 else "utf-8", "replace").strip("\r\n")
        parts = columns(text)
        if not any(parts):
            continue
        if is_comment(text):
            tally.records += 1
            tally.dropped["record.comment"] += 1
            continue
        row = None if number == 1 and is_header(parts) else _row(parts)
        if row is not None:
            docs = seen.setdefault(row.query, set())
            key = "record.duplicate" if row.doc in docs else "record"
            (tally.folded if row.doc in docs else tally.kept)[key] += 1
            tally.records += 1
            docs.add(row.doc)
            yield row
        elif number == 1 and is_header(parts):
            tally.records += 1
            tally.dropped["record.header"] += 1
        else:
            expected = "`query Q0 doc rank score tag`, `query 0 doc grade` or `query doc grade`"
            yield tally.damage(number, f"{len(parts)} columns: expected {expected}")


def _row(parts: list[str]) -> Row | None:
    if len(parts) not in (3, 4, 6):
        return None
    value = _number(parts[4] if len(parts) == 6 else parts[-1])
    if value is None:
        return None
    if len(parts) == 6:
        return Row(parts[0], parts[2], value, parts[5])
    return Row(parts[0], parts[-2], value) if value.is_integer() else None


def _number(text: str) -> float | None:
    """A number that a 32-bit float can hold, as trec_eval keeps it."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if abs(value) <= _FLOAT32_MAX else None
