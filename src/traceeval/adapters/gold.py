"""Gold: what should have happened, one row a trace or question (``traceeval schema gold``)."""

from __future__ import annotations

from collections.abc import Iterator
from io import BufferedReader

import msgspec

from traceeval.adapters._records import pieces
from traceeval.adapters._sample import Sample
from traceeval.adapters._tally import Record, Tally
from traceeval.errors import ConfigError
from traceeval.graph import plan_of
from traceeval.model import GoldRow, Json
from traceeval.registry import adapter

NAME = "gold"
_KEYED = ("trace", "question")
_SAYS = frozenset({"documents", "spanned", "answer", "claims", "calls", "forbidden", "state", "reached", "answerable"})


def sniff(sample: Sample) -> tuple[float, str]:
    """A trace or question beside what is right for it, and nothing of a trace itself."""
    keys = set(sample.keys)
    if keys & set(_KEYED) and keys & _SAYS and keys <= set(GoldRow.__struct_fields__):
        return 0.95, "trace or question with documents, answer, claims or calls"
    return 0.0, "no trace or question beside documents, answer, claims or calls"


@adapter(NAME, sniff=sniff)
def gold(stream: BufferedReader, where: str) -> Iterator[Record]:
    """One Gold a row; a row that is none is a diagnostic."""
    tally = Tally(NAME, where)
    return tally.closing(_rows(stream, where, tally))


def _rows(stream: BufferedReader, where: str, tally: Tally) -> Iterator[Record]:
    for piece in pieces(stream, where):
        if piece.why is not None:
            yield tally.damage(piece.line, piece.why)
            continue
        for value in piece.value if isinstance(piece.value, list) else [piece.value]:
            yield _row(value, piece.line, tally)


def _row(value: Json, line: int | None, tally: Tally) -> Record:
    try:
        row = msgspec.convert(value, GoldRow)
    except msgspec.ValidationError as error:
        return tally.damage(line, f"no gold row: {error}; `traceeval schema gold` prints the form")
    if row.trace is None and row.question is None:
        return tally.damage(line, "a gold row names no trace and no question; add one of them")
    found = row.gold(tally.place(line))
    try:
        plan_of(found.reference)
    except ConfigError as error:
        return tally.damage(line, str(error))
    tally.read()
    return found
