"""OpenTelemetry traces: OTLP as JSON or protobuf, Collector files, protobuf's JSON mapping, the SDK's console output.

Source: https://opentelemetry.io/docs/specs/otlp/ (1.5), https://github.com/open-telemetry/opentelemetry-proto.
Dialects on top: OpenInference, OTel GenAI. Logs are read for evaluation results only, metrics not at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from io import BufferedReader

from traceeval.adapters import _otlp_json
from traceeval.adapters._assemble import assemble
from traceeval.adapters._group import MAX_SPANS, by_trace
from traceeval.adapters._imported import logged
from traceeval.adapters._raw import RawSpan
from traceeval.adapters._records import pieces
from traceeval.adapters._sample import Sample, sample_of
from traceeval.adapters._tally import Record, Tally
from traceeval.errors import InputError
from traceeval.model import Diagnostic, Imported, Json
from traceeval.registry import adapter

NAME = "otlp"
_SIGNALS = {
    "resourceSpans": "spans",
    "resource_spans": "spans",
    "resourceLogs": "logs",
    "resource_logs": "logs",
    "resourceMetrics": "metrics",
    "resource_metrics": "metrics",
}
_SPAN_IDS = re.compile(rb"\x0a\x10.{16}\x12\x08", re.DOTALL)  # trace id of 16 bytes, span id of 8
_LOG_SIGNS = re.compile(rb"\x4a\x10.{16}\x52\x08|gen_ai\.evaluation", re.DOTALL)


def sniff(sample: Sample) -> tuple[float, str]:
    """Resource spans or logs, an SDK span, or a protobuf message with span ids."""
    signal = next((key for key in sample.keys if key in _SIGNALS), None)
    if signal is not None:
        return 1.0, signal
    context = sample.keys.get("context")
    if isinstance(context, Mapping) and "trace_id" in context and {"start_time", "parent_id"} & sample.keys.keys():
        return 0.95, "span of the SDK's console exporter"
    if sample.container == "binary" and sample.head[:1] == b"\n":
        if _SPAN_IDS.search(sample.head):
            return 0.9, "protobuf with trace and span ids"
        if _LOG_SIGNS.search(sample.head):
            return 0.9, "protobuf with log records"
    return 0.0, "no resourceSpans, no context.trace_id with start_time, no protobuf with span ids"


@adapter(NAME, sniff=sniff)
def otlp(stream: BufferedReader, where: str) -> Iterator[Record]:
    """Traces of every span in the file, evaluation results, diagnostics, and the account."""
    tally = Tally(NAME, where)
    return tally.closing(_records(stream, tally))


def _records(stream: BufferedReader, tally: Tally) -> Iterator[Record]:
    aside: list[Imported | Diagnostic] = []
    seen: set[str] = set()
    shared = 0
    for group in by_trace(_spans(stream, tally, aside)):
        yield from aside
        aside.clear()
        ids = {span.id for span in group}
        shared += len(ids & seen)
        if len(seen) < MAX_SPANS:
            seen |= ids
        yield from assemble(group, tally)
    yield from aside
    if shared:
        text = f"{shared} span ids stand in several traces; a span is told by its trace and its id"
        yield Diagnostic(code="span.shared_id", level="info", where=tally.uri, text=text)


def _spans(stream: BufferedReader, tally: Tally, aside: list[Imported | Diagnostic]) -> Iterator[RawSpan]:
    """Spans as they come; all else is put aside. An input that breaks off ends the spans, it does not lose them."""
    found = _of_protobuf(stream, tally) if sample_of(stream).container == "binary" else _of_json(stream, tally)
    try:
        for item in found:
            if isinstance(item, RawSpan):
                item.index = tally.spans
                tally.spans += 1
                yield item
            else:
                aside.append(item)
    except InputError as error:
        aside.append(tally.broken(error))


def _of_json(stream: BufferedReader, tally: Tally) -> Iterator[RawSpan | Imported | Diagnostic]:
    for piece in pieces(stream, tally.uri):
        documents = piece.value if isinstance(piece.value, list) else [piece.value]
        if piece.why is not None or not all(_is_export(document) for document in documents):
            yield tally.damage(piece.line, piece.why or "neither an OTLP export nor a span of the SDK")
            continue
        tally.read()
        for document in documents:
            yield from _of_document(document, piece.line, tally)


def _is_export(document: Json) -> bool:
    return isinstance(document, Mapping) and ("context" in document or any(key in document for key in _SIGNALS))


def _of_document(
    document: Mapping[str, Json], line: int | None, tally: Tally
) -> Iterator[RawSpan | Imported | Diagnostic]:
    for span in (_otlp_json.console_span(document),) if "context" in document else _otlp_json.spans(document):
        if isinstance(span, str):
            yield _unreadable(span, line, tally)
        else:
            span.line = line
            yield span
    yield from _logged(_otlp_json.logs(document), tally)
    if any(_SIGNALS.get(key) == "metrics" for key in document):
        tally.dropped["metrics"] += 1


def _of_protobuf(stream: BufferedReader, tally: Tally) -> Iterator[RawSpan | Imported | Diagnostic]:
    from traceeval.adapters import _otlp_pb  # only here is protobuf needed

    data = stream.read()
    if _SPAN_IDS.search(data):
        for span in _otlp_pb.spans(data, tally.uri):
            yield _unreadable(span, None, tally) if isinstance(span, str) else span
    else:
        yield from _logged(_otlp_pb.logs(data, tally.uri), tally)
    tally.read()


def _unreadable(why: str, line: int | None, tally: Tally) -> Diagnostic:
    tally.spans += 1
    tally.dropped["span.skipped"] += 1
    return Diagnostic(code="record.skipped", level="error", where=tally.place(line), text=f"{why}; it is left out")


def _logged(records: Iterator[tuple[str, dict[str, Json], str, str]], tally: Tally) -> Iterator[Imported]:
    for record in records:
        imported = logged(*record)
        if imported is None:
            tally.dropped["log.other"] += 1
        else:
            tally.kept["log.evaluation"] += 1
            yield imported
