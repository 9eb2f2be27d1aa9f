"""Our own JSON lines, ``traceeval/1``: one Trace a line (``traceeval schema trace``). Unknown fields are refused."""

from __future__ import annotations

from collections.abc import Iterator
from io import BufferedReader

import msgspec

from traceeval.adapters._json import check_depth, decode, may_be_huge, scrub
from traceeval.adapters._mend import is_sound, mended
from traceeval.adapters._records import BOM, Piece, pieces
from traceeval.adapters._sample import Sample
from traceeval.adapters._tally import Record, Tally
from traceeval.model import SCHEMA_VERSION, Diagnostic, Origin, Trace
from traceeval.registry import adapter

NAME = "native"
_DECODE = msgspec.json.Decoder(Trace).decode


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
    return tally.closing(_lines(stream, tally))


def _lines(stream: BufferedReader, tally: Tally) -> Iterator[Record]:
    first = stream.peek(1).removeprefix(BOM).lstrip().split(b"\n", 1)[0].rstrip()
    if first == b"{" or first.startswith(b"["):
        for piece in pieces(stream, tally.uri):  # over several lines, or a list of traces
            yield from _documents(piece, tally)
        return
    for number, line in enumerate(stream, 1):
        if not line.isspace():
            tally.records += 1
            yield _taken(line, number, tally)


def _documents(piece: Piece, tally: Tally) -> Iterator[Record]:
    if piece.why is not None:
        yield tally.damage(piece.line, piece.why)
        return
    for value in piece.value if isinstance(piece.value, list) else [piece.value]:
        tally.records += 1
        yield _taken(msgspec.json.encode(value), piece.line, tally)


def _taken(data: bytes, line: int | None, tally: Tally) -> Trace | Diagnostic:
    try:
        trace = _read(data.removeprefix(BOM), tally.place(line))
    except (ValueError, RecursionError) as error:  # of msgspec, of the text's encoding, and LimitExceeded
        tally.dropped["record.skipped"] += 1
        text = f"no Trace: {error}; `traceeval schema trace` prints the form, `traceeval ingest` writes it"
        return Diagnostic(code="record.skipped", level="error", where=tally.place(line), text=text)
    tally.kept["record"] += 1
    tally.spans += len(trace.spans)
    if is_sound(trace):
        tally.kept["span"] += len(trace.spans)
    else:
        ids = len({span.id for span in trace.spans})
        tally.kept["span"] += ids
        if ids < len(trace.spans):
            tally.folded["span.duplicate"] += len(trace.spans) - ids
        trace = mended(trace, tally.place(line))
    if trace.origin is not None:
        return trace
    record = "document" if line is None else f"line {line}"
    return msgspec.structs.replace(trace, origin=Origin(format=NAME, uri=tally.uri, record=record))


def _read(data: bytes, where: str) -> Trace:
    """One Trace; of one that is no strict JSON, what a lenient reader makes of it, and that it was."""
    try:
        return decoded(data)
    except msgspec.MsgspecError as error:
        try:
            trace = msgspec.convert(decode(data), Trace)
        except ValueError:
            raise error from None
        text = f"{error}: not a number, infinite, or half a character; read as null or ?; write strict JSON"
        note = Diagnostic(code="json.mended", level="warn", where=where, text=text)
        return msgspec.structs.replace(trace, diagnostics=(*trace.diagnostics, note))


def decoded(data: bytes) -> Trace:
    """One Trace. Numbers over 64 bits, which nothing of ours could write again, become texts.

    Raises:
        ValueError: it is no JSON, or no Trace.
        LimitExceeded: nested too deep.
    """
    check_depth(data)
    if may_be_huge(data):
        return msgspec.convert(scrub(msgspec.json.decode(data)), Trace)
    return _DECODE(data)
