"""OTLP as protobuf: one export request in a file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from google.protobuf.message import DecodeError
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from traceeval.adapters._raw import Event, RawSpan, is_zero
from traceeval.errors import InputTruncated
from traceeval.model import Json

_STATUS = {1: "ok", 2: "error"}


def spans(data: bytes, where: str) -> Iterator[RawSpan | str]:
    """Every span of an export request, or a text that says why one cannot be read.

    Raises:
        InputTruncated: the bytes are no whole request.
    """
    for group in _parse(ExportTraceServiceRequest, data, where).resource_spans:
        resource = pairs(group.resource.attributes)
        for inner in group.scope_spans:
            for span in inner.spans:
                if span.trace_id and span.span_id:
                    yield _span(span, resource, inner.scope.name)
                else:
                    yield "a span has no trace_id or no span_id"


def logs(data: bytes, where: str) -> Iterator[tuple[str, dict[str, Json], str, str]]:
    """(event name, attributes, trace id, span id) of every log record.

    Raises:
        InputTruncated: the bytes are no whole request.
    """
    for group in _parse(ExportLogsServiceRequest, data, where).resource_logs:
        for inner in group.scope_logs:
            for record in inner.log_records:
                attributes = pairs(record.attributes)
                name = record.event_name or str(attributes.get("event.name") or "")
                yield name, attributes, record.trace_id.hex(), record.span_id.hex()


def _parse(kind: Any, data: bytes, where: str) -> Any:
    try:
        return kind.FromString(data)
    except DecodeError as error:
        raise InputTruncated(
            f"{where}: the protobuf message is cut or damaged ({len(data)} bytes); export it again"
        ) from error


def _span(span: Any, resource: dict[str, Json], scope: str) -> RawSpan:
    parent = span.parent_span_id.hex()
    return RawSpan(
        trace=span.trace_id.hex(),
        id=span.span_id.hex(),
        parent=None if is_zero(parent) else parent,
        name=span.name,
        start=span.start_time_unix_nano / 1e9 or None,
        end=span.end_time_unix_nano / 1e9 or None,
        attributes=pairs(span.attributes),
        events=[Event(event.name, pairs(event.attributes)) for event in span.events],
        links=[(link.trace_id.hex(), link.span_id.hex()) for link in span.links],
        status=_STATUS.get(span.status.code, ""),
        message=span.status.message,
        scope=scope,
        resource=resource,
    )


def pairs(attributes: Any) -> dict[str, Json]:
    """Attributes as a plain map."""
    return {pair.key: _value(pair.value) for pair in attributes}


def _value(value: Any) -> Json:
    kind = value.WhichOneof("value")
    if kind == "string_value":
        return value.string_value
    if kind == "array_value":
        return [_value(item) for item in value.array_value.values]
    if kind == "kvlist_value":
        return pairs(value.kvlist_value.values)
    if kind == "bytes_value":
        return value.bytes_value.hex()
    if kind == "double_value":
        number = value.double_value
        return number if number - number == 0 else None
    return None if kind is None else getattr(value, kind)
