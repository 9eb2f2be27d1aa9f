"""Traces that are sent: read by the adapters, evaluated and queued like those of a file; one delivery at a time."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from traceeval.adapters import Record, read_records
from traceeval.errors import InputError, Refused
from traceeval.measures.safe_text import inline
from traceeval.model import Diagnostic, Trace
from traceeval.review import Store
from traceeval.review.calibration import subjects_from
from traceeval.review.rounds import FEWEST, MOST, open_round
from traceeval.run import evaluate

OTLP = "application/x-protobuf"
QUEUE, PROJECT = "default", "default"
_ONE = threading.Lock()


@dataclass(frozen=True, slots=True)
class Received:
    """What became of a delivery. ``added``: items new in the queue; ``problems``: what could not be read, in words."""

    traces: int
    drawn: int
    added: int
    problems: tuple[str, ...]


def receive(store: Store, body: bytes, format: str | None = None) -> Received:
    """Evaluate and queue the traces of a body of any known format.

    Raises:
        InputError: it holds no trace; the first reason.
        UnknownPlugin: ``format`` names no adapter.
    """
    records, wrong = records_of(body, format)
    count = sum(isinstance(one, Trace) for one in records)
    with _ONE:
        queued = evaluate(records, queue=store.url).summary().queue
    drawn, added = (queued.drawn, queued.added) if queued is not None else (0, 0)
    return Received(count, drawn, added, wrong)


def records_of(body: bytes, format: str | None = None) -> tuple[list[Record], tuple[str, ...]]:
    """What a body of any known format holds, and what of it could not be read, in words.

    Raises:
        InputError: it holds no trace; the first reason.
        UnknownPlugin: ``format`` names no adapter.
    """
    with tempfile.TemporaryDirectory(prefix="traceeval-received-") as folder:
        path = Path(folder) / "body"
        path.write_bytes(body)
        records = list(read_records([path], format=format))
    wrong = tuple(
        one.text.replace(str(path), "body") for one in records if isinstance(one, Diagnostic) and one.level == "error"
    )
    if not any(isinstance(one, Trace) for one in records):
        raise InputError(wrong[0] if wrong else "the body holds no trace; send JSON lines, OTLP JSON or protobuf")
    return records, wrong


def open_round_on(
    store: Store, queue: str, by: str, body: bytes, name: str, *, rubric: int | None, target: float
) -> int:
    """Open a calibration round on the traces of a body of any known format, called ``name``; its id.

    Raises:
        NotFound, Refused: it holds no trace, and as ``open_round``.
    """
    if not body:
        raise Refused(f"name a file of {FEWEST} to {MOST} traces; nothing was opened")
    try:
        records, _ = records_of(body)
    except InputError as error:
        raise Refused(
            f"{inline(name)} holds no trace: choose a file that `traceeval evaluate` reads, such as traces as JSON lines "
            "or as OTLP JSON; nothing was opened"
        ) from error
    subjects = subjects_from(store, queue, (one for one in records if isinstance(one, Trace)))
    return open_round(store, queue, by, subjects, rubric=rubric, target=target)


def otlp_reply(problems: Sequence[str]) -> bytes:
    """ExportTraceServiceResponse as protobuf (OTLP 1): empty, or a partial success whose message says what was wrong."""
    if not problems:
        return b""
    partial = _field(2, "; ".join(problems)[:1000].encode())
    return _field(1, partial)


def _field(number: int, content: bytes) -> bytes:
    """A length-delimited protobuf field."""
    length, prefix = len(content), bytearray([number << 3 | 2])
    while length > 0x7F:
        prefix.append(length & 0x7F | 0x80)
        length >>= 7
    return bytes([*prefix, length]) + content
