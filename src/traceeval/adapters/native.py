"""Our own JSON lines, ``traceeval/1``: one Trace a line (``traceeval schema trace``). Unknown fields are refused."""

from __future__ import annotations

from collections.abc import Iterator
from io import BufferedReader
from itertools import chain

import msgspec

from traceeval.adapters._json import check_depth, may_be_huge, scrub
from traceeval.adapters._mend import is_sound, mended
from traceeval.adapters._records import BOM
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
    first = stream.readline()
    if first.removeprefix(BOM).strip() in (b"{", b"["):  # one document over several lines
        tally.records += 1
        yield _trace(first + stream.read(), None, tally)
        return
    for number, line in enumerate(chain((first,), stream), 1):
        if not line.isspace():
            tally.records += 1
            yield _trace(line, number, tally)


def _trace(data: bytes, line: int | None, tally: Tally) -> Trace | Diagnostic:
    try:
        trace = decoded(data.removeprefix(BOM))
    except (ValueError, RecursionError) as error:  # of msgspec, of the text's encoding, and LimitExceeded
        tally.dropped["record.skipped"] += 1
        text = f"no Trace: {error}; `traceeval schema trace` prints the form, `traceeval ingest` writes it"
        code = "record.skipped" if line is not None or "truncated" not in str(error) else "input.truncated"
        return Diagnostic(code=code, level="error", where=tally.place(line), text=text)
    tally.kept["record"] += 1
    tally.spans += len(trace.spans)
    if is_sound(trace):
        tally.kept["span"] += len(trace.spans)
    else:
        ids = len({span.id for span in trace.spans})
        tally.kept["span"] += ids
        tally.folded["span.duplicate"] += len(trace.spans) - ids
        trace = mended(trace, tally.place(line))
    if trace.origin is not None:
        return trace
    record = "document" if line is None else f"line {line}"
    return msgspec.structs.replace(trace, origin=Origin(format=NAME, uri=tally.uri, record=record))


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
