"""Keeps the account of one file while it is read, and ends it with a LossReport whatever happened."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TypeAlias

from traceeval.errors import InputError, InputTruncated, LimitExceeded, UnknownFormat
from traceeval.model import Diagnostic, Gold, Imported, LossReport, Trace

Record: TypeAlias = Trace | Gold | Imported | Diagnostic | LossReport

_CODES = {InputTruncated: "input.truncated", LimitExceeded: "input.limit", UnknownFormat: "input.unknown"}


class Tally:
    """Counts of one file: ``records`` and ``spans`` came in; the three counters say where they went."""

    def __init__(self, format: str, uri: str, dialect: str | None = None) -> None:
        self.format = format
        self.uri = uri
        self.dialects: Counter[str] = Counter({dialect: 1} if dialect else {})
        self.records = 0
        self.spans = 0
        self.kept: Counter[str] = Counter()
        self.folded: Counter[str] = Counter()
        self.dropped: Counter[str] = Counter()

    def read(self) -> None:
        """Count one record that could be read."""
        self.records += 1
        self.kept["record"] += 1

    def place(self, line: int | None) -> str:
        """The file, and the line where there is one."""
        return self.uri if line is None else f"{self.uri}:{line}"

    def broken(self, error: InputError) -> Diagnostic:
        """Count the record an input error ended in, and say it."""
        self.records += 1
        self.dropped[f"record.{code_of(error).rpartition('.')[2]}"] += 1
        return diagnostic_of(error, self.uri)

    def damage(self, line: int | None, why: str) -> Diagnostic:
        """Count one record that cannot be read, and say where and why."""
        self.records += 1
        self.dropped["record.skipped"] += 1
        return Diagnostic(code="record.skipped", level="error", where=self.place(line), text=why)

    def closing(self, records: Iterable[Record]) -> Iterator[Record]:
        """The records; an input error becomes a diagnostic; the last record is the LossReport."""
        try:
            yield from records
        except InputError as error:
            yield self.broken(error)
        yield self.report()

    def report(self) -> LossReport:
        """The account so far."""
        return LossReport(
            format=self.format,
            adapter=self.format,
            uri=self.uri,
            dialect=", ".join(sorted(self.dialects)) or None,
            records=self.records,
            spans=self.spans,
            kept=dict(self.kept),
            folded=dict(self.folded),
            dropped=dict(self.dropped),
        )


def code_of(error: InputError) -> str:
    """The diagnostic code of an input error."""
    return _CODES.get(type(error), "record.skipped")


def diagnostic_of(error: InputError, where: str) -> Diagnostic:
    """An input error as a record of the stream."""
    return Diagnostic(code=code_of(error), level="error", where=where, text=str(error))
