"""Diagnostics and accounts of what was read, as text. What a trace wrote is shown without its control characters."""

from __future__ import annotations

from collections.abc import Iterator

from traceeval.cli._failures import printable
from traceeval.model import Diagnostic, LossReport, Trace


def diagnostics_of(record: object) -> Iterator[Diagnostic]:
    """The diagnostics a record is, or carries."""
    if isinstance(record, Diagnostic):
        yield record
    elif isinstance(record, Trace):
        yield from record.diagnostics


def as_line(diagnostic: Diagnostic) -> str:
    """``error record.skipped traces/a.jsonl:12 span 9f: what is wrong, and the way out``."""
    place = " ".join(filter(None, (diagnostic.where, diagnostic.span and f"span {diagnostic.span}")))
    text = diagnostic.text.removeprefix(f"{diagnostic.where}: ")
    return printable(f"{diagnostic.level} {diagnostic.code} {place}: {text}" if place else f"{diagnostic.code}: {text}")


def as_account(loss: LossReport) -> str:
    """``read traces/a.json: otlp (openinference), 1 records, 20 spans; kept 1 record, 20 span; folded …``."""
    named = f"{loss.format} ({loss.dialect})" if loss.dialect else loss.format
    parts = [f"read {loss.uri}: {named}, {loss.records} records, {loss.spans} spans"]
    for what, counter in (("kept", loss.kept), ("folded", loss.folded), ("dropped", loss.dropped)):
        if counter:
            parts.append(f"{what} " + ", ".join(f"{count} {key}" for key, count in sorted(counter.items())))
    return printable("; ".join(parts))
