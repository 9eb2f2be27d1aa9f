"""Records of many files in one stream. Gold comes first, whatever the order of the files; nothing stops the others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path

from traceeval.adapters._bytes import HEAD, open_bytes
from traceeval.adapters._detect import ADAPTERS, detect
from traceeval.adapters._paths import Found, expand
from traceeval.adapters._records import BOM
from traceeval.adapters._sample import sample_of
from traceeval.adapters._tally import Record, Tally
from traceeval.adapters.trec import kind_of, read_runs
from traceeval.errors import InputError, InputTruncated, LimitExceeded, UnknownFormat
from traceeval.model import Diagnostic, Gold, Trace
from traceeval.registry import Adapter

_GOLD = ("gold", "labels", "qrels")
_RAISED = {"input.truncated": InputTruncated, "input.limit": LimitExceeded, "input.unknown": UnknownFormat}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Chosen:
    """A file and who reads it. ``kind``: the adapter's name, or ``run`` or ``qrels`` of TREC. No adapter: why not."""

    path: str
    adapter: Adapter | None = None
    kind: str = ""
    refusal: InputError | None = None


def read_records(paths: Iterable[str | Path], *, format: str | None = None) -> Iterator[Record]:
    """Everything the files hold, gold first, each file ending with its LossReport.

    ``paths``: files, folders, globs, or ``-``. ``format``: an adapter's name instead of detection by structure.
    A file that cannot be read is an error diagnostic, and the next one goes on. What was repaired or guessed within a
    trace is in its ``diagnostics``.

    Raises:
        InputError: a path leads to nothing.
        UnknownPlugin: ``format`` names no adapter.
    """
    forced = ADAPTERS.get(format) if format is not None else None
    chosen = [_choose(found, forced) for found in expand(paths)]
    for one in (*(c for c in chosen if c.kind in _GOLD), *(c for c in chosen if c.kind not in (*_GOLD, "run"))):
        yield from _one(one, forced)
    yield from _runs([one.path for one in chosen if one.kind == "run"])


def read(paths: str | Path | Iterable[str | Path], *, format: str | None = None) -> Iterator[Trace]:
    """Traces alone; ``read_records`` also tells what could not be read.

    Raises:
        InputError: nothing could be read; the first reason.
        UnknownPlugin: ``format`` names no adapter.
    """
    first: Diagnostic | None = None
    any_trace = False
    for record in read_records([paths] if isinstance(paths, str | Path) else paths, format=format):
        if isinstance(record, Trace):
            any_trace = True
            yield record
        elif isinstance(record, Diagnostic) and record.level == "error":
            first = first or record
    if first is not None and not any_trace:
        text = first.text if first.where is None or first.where in first.text else f"{first.where}: {first.text}"
        raise _RAISED.get(first.code, InputError)(text)


def read_gold(path: str | Path) -> Iterator[Gold | Diagnostic]:
    """Gold of one file: JSON lines of ours, TREC or BEIR qrels, or the references within native traces.

    Raises:
        InputError: no such file, or it is no gold.
    """
    one = _choose(Found(str(path), named=True), None)
    if one.refusal is not None:
        raise one.refusal
    if one.kind not in ("gold", "qrels", "native", "stdin"):
        raise InputError(f"{path}: {one.kind or 'nothing'}, not gold; `traceeval schema gold` prints the form")
    for record in _one(one, None):
        if isinstance(record, Gold | Diagnostic):
            yield record
        elif isinstance(record, Trace) and record.reference is not None:
            yield Gold(trace=record.id, reference=record.reference, where=str(path))


def _choose(found: Found, forced: Adapter | None) -> _Chosen:
    if found.path == "-" or Path(found.path).is_fifo():  # read once, so looked at when it is
        return _Chosen(path=found.path, kind="stdin")
    try:
        with open_bytes(found.path) as stream:
            return _adapter(stream, found, forced)
    except InputError as error:
        return _Chosen(path=found.path, refusal=error)


def _adapter(stream: BufferedReader, found: Found, forced: Adapter | None) -> _Chosen:
    """Prose that only lies in a folder that was named is passed over; named itself, it is refused with reasons."""
    sample = sample_of(stream)
    prose = forced is None and sample.container == "text" and not found.named and kind_of(sample) is None
    if sample.container == "empty" or prose:
        stream.read(HEAD + 1)  # one that breaks off says so here
        return _Chosen(path=found.path, kind="empty" if sample.container == "empty" else "text")
    try:
        adapter = forced or detect(sample, found.path)
    except UnknownFormat:
        stream.read(HEAD + 1)  # as above: that it is cut is the better reason
        raise
    kind = kind_of(sample) if adapter.name == "trec" else None
    return _Chosen(path=found.path, adapter=adapter, kind=kind or adapter.name)


def _one(one: _Chosen, forced: Adapter | None) -> Iterator[Record]:
    if one.kind in ("empty", "text"):
        yield from _passed_over(one)
        return
    try:
        if one.refusal is not None:
            raise one.refusal
        with open_bytes(one.path) as stream:
            if stream.peek(1).startswith(BOM):
                yield Diagnostic(
                    code="input.bom", level="info", where=one.path, text="begins with a byte order mark; skipped"
                )
            adapter = one.adapter or forced or detect(sample_of(stream), one.path)
            yield from adapter.call(stream, one.path)
    except InputError as error:
        tally = Tally("unknown", one.path)
        yield tally.broken(error)
        yield tally.report()


def _passed_over(one: _Chosen) -> Iterator[Record]:
    tally = Tally("none", one.path)
    tally.records += 1
    tally.dropped[f"record.{one.kind}"] += 1
    why = "empty file" if one.kind == "empty" else "text that is no trace format; name the file to see why each refused"
    yield Diagnostic(code=f"input.{one.kind}", level="warn", where=one.path, text=why)
    yield tally.report()


def _runs(paths: list[str]) -> Iterator[Record]:
    """TREC runs together: which is a rerank of which shows only side by side."""
    with ExitStack() as stack:
        sources: list[tuple[BufferedReader, str]] = []
        for path in paths:
            try:
                sources.append((stack.enter_context(open_bytes(path)), path))
            except InputError as error:
                yield Tally("trec", path).broken(error)
        yield from read_runs(sources)
