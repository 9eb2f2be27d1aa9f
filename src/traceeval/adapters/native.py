"""Our own JSON lines, ``traceeval/1``: one Trace a line (``traceeval schema trace``). Unknown fields are refused."""

from __future__ import annotations

from collections.abc import Iterator
from io import BufferedReader

import msgspec

from traceeval.adapters._records import BOM
from traceeval.adapters._sample import Sample
from traceeval.adapters._tally import Record, Tally
from traceeval.errors import InputTruncated
from traceeval.model import SCHEMA_VERSION, Diagnostic, Origin, Trace
from traceeval.registry import adapter

NAME = "native"


def sniff(sample: Sample) -> tuple[float, str]:
    """``schema_version`` says so, or ``spans`` beside an ``id``."""
    version = sample.keys.get("schema_version")
    if isinstance(version, str) and version.startswith("traceeval/"):
        return 1.0, f"schema_version {version}"
    if "spans" in sample.keys and "id" in sample.keys:
        return 0.7, "id and spans"
    return 0.0, "no schema_version traceeval/1"


@adapter(NAME, sniff=sniff)
def native(stream: BufferedReader, where: str) -> Iterator[Record]:
    """Traces as they are written; a line that is none is a diagnostic with its number and what is wrong."""
    tally = Tally(NAME, where, SCHEMA_VERSION)
    return tally.closing(_lines(stream, where, tally))


def _lines(stream: BufferedReader, where: str, tally: Tally) -> Iterator[Record]:
    decoder = msgspec.json.Decoder(Trace)
    first, rest = stream.readline(), None
    if first.strip() in (b"{", b"["):  # one document over several lines
        rest = stream.read()
        yield from _document(first + rest, where, decoder, tally)
        return
    for number, line in enumerate(_chained(first, stream), 1):
        if not line.strip():
            continue
        tally.records += 1
        try:
            trace = decoder.decode(line.removeprefix(BOM) if number == 1 else line)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            tally.dropped["record.skipped"] += 1
            yield Diagnostic(code="record.skipped", level="error", where=f"{where}:{number}", text=_way_out(error))
            continue
        yield _kept(trace, f"line {number}", where, tally)


def _chained(first: bytes, stream: BufferedReader) -> Iterator[bytes]:
    yield first
    yield from stream


def _document(data: bytes, where: str, decoder: msgspec.json.Decoder[Trace], tally: Tally) -> Iterator[Record]:
    try:
        trace = decoder.decode(data.removeprefix(BOM))
    except msgspec.ValidationError as error:
        tally.records += 1
        tally.dropped["record.skipped"] += 1
        yield Diagnostic(code="record.skipped", level="error", where=where, text=_way_out(error))
        return
    except msgspec.DecodeError as error:
        raise InputTruncated(f"{where}: the document ends in the middle or is no JSON: {error}") from error
    tally.records += 1
    yield _kept(trace, "document", where, tally)


def _kept(trace: Trace, record: str, where: str, tally: Tally) -> Trace:
    tally.kept["record"] += 1
    tally.spans += len(trace.spans)
    tally.kept["span"] += len(trace.spans)
    if trace.origin is None:
        return msgspec.structs.replace(trace, origin=Origin(format=NAME, uri=where, record=record))
    return trace


def _way_out(error: Exception) -> str:
    return f"no Trace: {error}; `traceeval schema trace` prints the form, `traceeval ingest` writes it"
