"""OpenTelemetry traces: OTLP as JSON or protobuf, Collector files, protobuf's JSON mapping, the SDK's console output.

Source: https://opentelemetry.io/docs/specs/otlp/ (1.5), https://github.com/open-telemetry/opentelemetry-proto.
Dialects on top: OpenInference, OTel GenAI. Logs are read for evaluation results only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from io import BufferedReader

from traceeval.adapters._assemble import assemble
from traceeval.adapters._group import by_trace
from traceeval.adapters._imported import EVENT, logged
from traceeval.adapters._otlp_json import console_span, objects, pairs, pick, scopes, spans
from traceeval.adapters._raw import RawSpan
from traceeval.adapters._records import Piece, pieces
from traceeval.adapters._sample import Sample
from traceeval.adapters._tally import Record, Tally
from traceeval.errors import InputTruncated
from traceeval.model import Diagnostic, Imported, Json
from traceeval.registry import adapter

NAME = "otlp"


def sniff(sample: Sample) -> tuple[float, str]:
    """Resource spans or logs, an SDK span, or bytes that parse as an export request."""
    if sample.container == "binary":
        return (0.9, "protobuf") if sample.head[:1] == b"\n" else (0.0, "no protobuf message begins like this")
    keys = sample.keys
    if any(key in keys for key in ("resourceSpans", "resource_spans", "resourceLogs", "resource_logs")):
        return 1.0, "resourceSpans"
    if isinstance(keys.get("context"), Mapping) and "start_time" in keys and "attributes" in keys:
        return 0.95, "span of the SDK's console exporter"
    return 0.0, "no resourceSpans, and no context with start_time and attributes"


@adapter(NAME, sniff=sniff)
def otlp(stream: BufferedReader, where: str) -> Iterator[Record]:
    """Traces of every span in the file, evaluation results, diagnostics, and the account."""
    tally = Tally(NAME, where)
    return tally.closing(_records(stream, where, tally))


def _records(stream: BufferedReader, where: str, tally: Tally) -> Iterator[Record]:
    aside: list[Record] = []
    source = _binary(stream, where, tally, aside) if stream.peek(1)[:1] == b"\n" else _json(stream, where, tally, aside)
    for group in by_trace(source):
        yield from aside
        aside.clear()
        yield from assemble(group, tally)
    yield from aside


def _json(stream: BufferedReader, where: str, tally: Tally, aside: list[Record]) -> Iterator[RawSpan]:
    for piece in pieces(stream, where):
        if piece.why is not None:
            aside.append(tally.damage(piece.line, piece.why))
            continue
        tally.records += 1
        tally.kept["record"] += 1
        for document in piece.value if isinstance(piece.value, list) else [piece.value]:
            yield from _counted(_of_document(document, piece, tally, aside), piece.line, where, tally, aside)


def _of_document(document: Json, piece: Piece, tally: Tally, aside: list[Record]) -> Iterator[RawSpan | str]:
    if not isinstance(document, Mapping):
        yield f"a record is {type(document).__name__}, not an object"
        return
    if "context" in document and "start_time" in document:
        yield console_span(document, piece.line)
        return
    yield from spans(document)
    for group, _, _ in scopes(document, "Logs"):
        for record in objects(pick(group, "logRecords", "log_records")):
            attributes = pairs(record.get("attributes"))
            name = str(pick(record, "eventName", "event_name") or attributes.get("event.name") or "")
            trace, span = (
                str(pick(record, *names) or "") for names in (("traceId", "trace_id"), ("spanId", "span_id"))
            )
            _note_log(logged(name, attributes, trace, span), tally, aside)


def _counted(
    found: Iterator[RawSpan | str], line: int | None, where: str, tally: Tally, aside: list[Record]
) -> Iterator[RawSpan]:
    """Spans, numbered; what cannot be read is a diagnostic."""
    for item in found:
        index = tally.spans
        tally.spans += 1
        if isinstance(item, str):
            tally.dropped["span.skipped"] += 1
            place = where if line is None else f"{where}:{line}"
            aside.append(Diagnostic(code="record.skipped", level="error", where=place, text=f"{item}; it is left out"))
            continue
        item.index, item.line = index, line
        yield item


def _binary(stream: BufferedReader, where: str, tally: Tally, aside: list[Record]) -> Iterator[RawSpan]:
    from traceeval.adapters import _otlp_pb

    data = stream.read()
    tally.records += 1
    try:
        found = list(_otlp_pb.spans(data, where))
        real = [span for span in found if isinstance(span, RawSpan) and len(span.trace) == 32 and len(span.id) == 16]
    except InputTruncated:
        tally.records -= 1  # counted by ``closing``
        raise
    tally.kept["record"] += 1
    if real:
        yield from _counted(iter(found), None, where, tally, aside)
        return
    for name, attributes, trace, span in _otlp_pb.logs(data, where):
        _note_log(logged(name, attributes, trace, span), tally, aside)


def _note_log(imported: Imported | None, tally: Tally, aside: list[Record]) -> None:
    if imported is None:
        tally.dropped[f"log.other than {EVENT}"] += 1
    else:
        tally.kept["log.evaluation"] += 1
        aside.append(imported)
