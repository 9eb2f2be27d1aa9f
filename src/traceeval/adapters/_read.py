"""Records of many files in one stream. Gold comes first, whatever the order of the files; nothing stops the others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from io import BufferedReader
from pathlib import Path

from traceeval.adapters._bytes import open_bytes
from traceeval.adapters._detect import ADAPTERS, detect
from traceeval.adapters._paths import expand
from traceeval.adapters._sample import sample_of
from traceeval.adapters._tally import Record, Tally, diagnostic_of
from traceeval.adapters.trec import Run, join_runs, kind_of, read_run
from traceeval.errors import InputError
from traceeval.model import Diagnostic, Gold, LossReport, Trace
from traceeval.registry import Adapter

_FIRST = ("gold", "labels")


def read_records(paths: Iterable[str | Path], *, format: str | None = None) -> Iterator[Record]:
    """Everything the files hold, gold first, each file ending with its LossReport.

    A file that cannot be read is an error diagnostic, and the next one goes on.

    Raises:
        InputError: a path leads to nothing.
        UnknownPlugin: ``format`` names no adapter.
    """
    forced = ADAPTERS.get(format) if format is not None else None
    chosen = [(path, found) for path in expand(paths) for found in [_choose(path, forced)]]
    gold = [row for row in chosen if row[1][1] in (*_FIRST, "qrels")]
    runs = [path for path, (adapter, kind) in chosen if kind == "run"]
    for path, (adapter, _) in gold:
        yield from _one(path, adapter)
    for path, (adapter, kind) in chosen:
        if kind not in (*_FIRST, "qrels", "run"):
            yield from _one(path, adapter)
    if runs:
        yield from _runs(runs)


def read(paths: Iterable[str | Path], *, format: str | None = None) -> Iterator[Trace]:
    """Traces alone. What could not be read is passed over: ``read_records`` tells it."""
    return (record for record in read_records(paths, format=format) if isinstance(record, Trace))


def read_gold(path: str | Path) -> Iterator[Gold | Diagnostic]:
    """Gold of one file: JSON lines of ours, TREC or BEIR qrels.

    Raises:
        InputError: no such file, or it is no gold.
    """
    adapter, _ = _choose(str(path), None)
    if isinstance(adapter, Diagnostic):
        raise InputError(adapter.text)
    if adapter.name not in ("gold", "trec", "native"):
        raise InputError(f"{path}: {adapter.name} traces, not gold; `traceeval schema gold` prints the form")
    for record in _one(str(path), adapter):
        if isinstance(record, Gold | Diagnostic):
            yield record
        elif isinstance(record, Trace) and record.reference is not None:
            yield Gold(trace=record.id, reference=record.reference, where=str(path))


def _choose(path: str, forced: Adapter | None) -> tuple[Adapter | Diagnostic, str]:
    """(adapter, kind): kind is the adapter's name, or ``run`` or ``qrels`` of TREC."""
    try:
        if path == "-":
            return (forced, forced.name) if forced is not None else (ADAPTERS.get("native"), "stdin")
        with open_bytes(path) as stream:
            sample = sample_of(stream)
            if sample.container == "empty":
                text = f"{path}: empty file"
                return Diagnostic(code="input.empty", level="warn", where=path, text=text), "empty"
            adapter = forced or detect(sample, path)
            return adapter, (kind_of(sample) or NAME_OF_TREC) if adapter.name == NAME_OF_TREC else adapter.name
    except InputError as error:
        return diagnostic_of(error, path), "unreadable"


NAME_OF_TREC = "trec"


def _one(path: str, adapter: Adapter | Diagnostic) -> Iterator[Record]:
    if isinstance(adapter, Diagnostic):
        yield adapter
        kind = adapter.code.rpartition(".")[2]
        yield LossReport(format="unknown", uri=path, records=1, dropped={f"record.{kind}": 1})
        return
    try:
        with open_bytes(path) as stream:
            if path == "-":
                adapter = detect(sample_of(stream), path)
            yield from adapter.call(stream, path)
    except InputError as error:
        yield diagnostic_of(error, path)


def _runs(paths: list[str]) -> Iterator[Record]:
    """TREC runs together: which is a rerank of which shows only side by side."""
    runs: list[tuple[str, Run]] = []
    for path in paths:
        run: Run = {}
        tally = Tally(NAME_OF_TREC, path)
        with open_bytes(path) as stream:
            yield from tally.closing(_filled(stream, path, run, tally))
        runs.append((path, run))
    yield from join_runs(runs)


def _filled(stream: BufferedReader, path: str, run: Run, tally: Tally) -> Iterator[Record]:
    yield from read_run(stream, path, run, tally)
