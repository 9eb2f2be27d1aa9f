"""Traces on their way in: copies are folded, revisions resolved, gold is attached, the rest is counted.

A survey reads the input before any pass: all gold, which records a later one revises, what is usual. A pass may still
learn that gold and hits do not share a namespace; the input is then read once more, knowing it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import msgspec

from traceeval.model import (
    Diagnostic,
    Gold,
    Imported,
    InputFile,
    LossReport,
    Reference,
    Trace,
    text_of,
    trace_hash,
)
from traceeval.run._corpus import Corpus

Record = Trace | Gold | Imported | Diagnostic | LossReport
_EXAMPLES, _ERRORS = 20, 200


class GoldBook:
    """References by trace id, else by question. A field given twice: the later wins, field by field."""

    def __init__(self) -> None:
        self.by_trace: dict[str, Reference] = {}
        self.by_question: dict[str, Reference] = {}
        self.used: set[str] = set()

    def add(self, row: Gold) -> None:
        """Remember one row."""
        book = self.by_question if row.trace is None else self.by_trace
        key = _normal(row.question or "") if row.trace is None else row.trace
        book[key] = merge_references(book.get(key), row.reference)

    def attach(self, trace: Trace) -> Trace:
        """The trace with its reference, where there is one."""
        if not self.by_trace and not self.by_question:
            return trace
        key, found = trace.id, self.by_trace.get(trace.id)
        if found is None and self.by_question:
            key = _normal(text_of(trace.question) or "")
            found = self.by_question.get(key)
        if found is None:
            return trace
        self.used.add(key)
        return msgspec.structs.replace(trace, reference=merge_references(trace.reference, found))

    def unused(self) -> tuple[str, ...]:
        """Keys no trace asked for, in order."""
        return tuple(key for key in (*self.by_trace, *self.by_question) if key not in self.used)


def merge_references(old: Reference | None, new: Reference) -> Reference:
    """Field by field: what the new one leaves unknown, the old one says."""
    if old is None:
        return new
    known = {
        name: value
        for name in (
            *("documents", "spanned", "absent", "answer", "claims", "answerable"),
            *("calls", "forbidden", "state", "reached"),
        )
        if (value := getattr(new, name)) is not None
    }
    return msgspec.structs.replace(
        old, **known, rel_level=new.rel_level, **({"extra_calls": new.extra_calls} if new.calls is not None else {})
    )


def _normal(question: str) -> str:
    return " ".join(question.casefold().split())


@dataclass(slots=True)
class Intake:
    """Counts one pass over the input. ``losers``: ordinals a later record of the same id revises.

    ``complete``: the survey has put all gold into the book.
    """

    gold: GoldBook
    losers: frozenset[int] = frozenset()
    corpus: Corpus | None = None
    complete: bool = False
    folded: int = 0
    revised: int = 0
    inputs: list[LossReport] = field(default_factory=list)
    diagnostics: Counter[str] = field(default_factory=Counter)
    examples: list[Diagnostic] = field(default_factory=list)
    imported: Counter[str] = field(default_factory=Counter)
    unreadable: int = 0
    beaten: set[int] = field(default_factory=set)
    _seen: dict[str, tuple[bytes, int]] = field(default_factory=dict)

    def traces(self, records: Iterable[Record]) -> Iterator[Trace]:
        """Traces to score, each once, with its reference."""
        for ordinal, record in enumerate(records):
            if isinstance(record, Trace):
                if self._take(record, ordinal):
                    yield self._indexed(self.gold.attach(record))
            elif isinstance(record, Gold):
                if not self.complete:
                    self.gold.add(record)
            else:
                self._note(record)

    def _take(self, trace: Trace, ordinal: int) -> bool:
        for diagnostic in trace.diagnostics:
            self.say(diagnostic)
        digest = bytes.fromhex(trace_hash(trace)[:32])
        before = self._seen.get(trace.id)
        if before is not None and before[0] == digest:
            self.folded += 1
            return False
        self._seen[trace.id] = (digest, ordinal)
        if before is not None:
            self.revised += 1
            self.beaten.add(before[1])
            self.say(
                Diagnostic(
                    code="trace.revised",
                    level="warn",
                    where=trace.origin.uri if trace.origin else None,
                    text=f"trace {trace.id} was recorded twice with different content; the later record counts",
                )
            )
        return ordinal not in self.losers

    def _indexed(self, trace: Trace) -> Trace:
        """The trace, told which judged documents are in no index where a list of the corpus can say so."""
        if self.corpus is None:
            return trace
        trace, gap = self.corpus.told(trace)
        if gap is not None:
            self.say(gap)
        return trace

    def _note(self, record: Imported | Diagnostic | LossReport) -> None:
        if isinstance(record, Imported):
            self.imported[record.name] += 1
        elif isinstance(record, Diagnostic):
            self.say(record)
        else:
            self.inputs.append(record)

    def say(self, diagnostic: Diagnostic) -> None:
        """Count a diagnostic, and keep the first of each code to show; of errors many more."""
        self.diagnostics[diagnostic.code] += 1
        self.unreadable += diagnostic.level == "error"
        if self.diagnostics[diagnostic.code] <= (_ERRORS if diagnostic.level == "error" else _EXAMPLES):
            self.examples.append(diagnostic)

    def files(self) -> tuple[InputFile, ...]:
        """One row per file that was read."""
        return tuple(
            InputFile(
                uri=loss.uri,
                format=loss.format,
                dialect=loss.dialect,
                records=loss.records,
                spans=loss.spans,
                kept=loss.kept,
                folded=loss.folded,
                dropped=loss.dropped,
            )
            for loss in self.inputs
        )
