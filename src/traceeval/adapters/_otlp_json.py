"""OTLP as JSON, in every spelling seen: camelCase or snake_case, hex or base64 ids, names or numbers of enums.

A span that makes no sense is counted as damaged; its neighbours are read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from traceeval.adapters._json import as_text, scrub
from traceeval.adapters._raw import Event, RawSpan, is_zero, normal_id, seconds, text_attributes
from traceeval.model import Json

Object: TypeAlias = Mapping[str, Any]
_ERROR = {2, "2", "STATUS_CODE_ERROR", "ERROR", "StatusCode.ERROR"}
_OK = {1, "1", "STATUS_CODE_OK", "OK", "StatusCode.OK"}
_MAX_NESTING = 100


def objects(value: object) -> list[Object]:
    """The objects of a list; anything else holds none."""
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []


def pick(holder: Object, *names: str) -> Any:
    """The first field present under any of its spellings."""
    for name in names:
        if name in holder:
            return holder[name]
    return None


def scopes(document: Object, signal: str) -> Iterator[tuple[Object, dict[str, Json], str]]:
    """(scope group, resource attributes, scope name) of every group of a signal: ``Spans`` or ``Logs``."""
    lower = signal.lower()
    for group in objects(pick(document, f"resource{signal}", f"resource_{lower}")):
        resource = group.get("resource")
        attributes = pairs(resource.get("attributes")) if isinstance(resource, Mapping) else {}
        for inner in objects(pick(group, f"scope{signal}", f"scope_{lower}", f"instrumentationLibrary{signal}")):
            scope = pick(inner, "scope", "instrumentationLibrary")
            name = scope.get("name") if isinstance(scope, Mapping) else None
            yield inner, attributes, name if isinstance(name, str) else ""


def spans(document: Object) -> Iterator[RawSpan | str]:
    """Every span of an export request, or a text that says why one cannot be read."""
    for group, resource, scope in scopes(document, "Spans"):
        listed = group.get("spans")
        for item in listed if isinstance(listed, list) else ():
            if isinstance(item, Mapping):
                yield _span(item, resource, scope)
            else:
                yield f"a span is {type(item).__name__}, not an object"


def _span(item: Object, resource: dict[str, Json], scope: str) -> RawSpan | str:
    notes: list[str] = []
    trace, id_, parent = ids(
        pick(item, "traceId", "trace_id"),
        pick(item, "spanId", "span_id"),
        pick(item, "parentSpanId", "parent_span_id"),
        notes,
    )
    if trace is None or id_ is None:
        return "a span has no traceId or no spanId"
    if "trace_id" in item:
        notes.append("keys.snake_case")
    status = item.get("status")
    status = status if isinstance(status, Mapping) else {}
    return RawSpan(
        trace=trace,
        id=id_,
        parent=parent,
        name=str(item.get("name") or ""),
        start=time(pick(item, "startTimeUnixNano", "start_time_unix_nano"), notes),
        end=time(pick(item, "endTimeUnixNano", "end_time_unix_nano"), notes),
        attributes=pairs(item.get("attributes")),
        events=[Event(str(e.get("name") or ""), pairs(e.get("attributes"))) for e in objects(item.get("events"))],
        links=[link for e in objects(item.get("links")) if (link := _link(e))],
        status=status_of(pick(status, "code", "status_code")),
        message=as_text(pick(status, "message", "description")) or "",
        scope=scope,
        resource=resource,
        notes=notes,
    )


def ids(trace: object, span: object, parent: object, notes: list[str]) -> tuple[str | None, str | None, str | None]:
    """The three ids in their normal form; a repair is noted."""
    (trace_id, a), (span_id, b), (parent_id, c) = normal_id(trace), normal_id(span), normal_id(parent)
    if a or b or c:
        notes.append("id.normalised")
    return trace_id, span_id, None if parent_id is None or is_zero(parent_id) else parent_id


def time(value: object, notes: list[str]) -> float | None:
    """Seconds since the epoch; a guess is noted."""
    moment, note = seconds(value)
    if note:
        notes.append(note)
    return moment


def status_of(code: object) -> str:
    """``ok``, ``error`` or nothing."""
    if isinstance(code, int | str):
        return "error" if code in _ERROR else "ok" if code in _OK else ""
    return ""


def _link(item: Object) -> tuple[str, str] | None:
    trace, span, _ = ids(pick(item, "traceId", "trace_id"), pick(item, "spanId", "span_id"), None, [])
    return (trace, span) if trace and span else None


def pairs(value: object) -> dict[str, Json]:
    """Attributes: a list of key and AnyValue, or a plain map."""
    if isinstance(value, list):
        return {
            str(item.get("key")): any_value(item.get("value"))
            for item in value
            if isinstance(item, Mapping) and item.get("key") is not None
        }
    return text_attributes(value)


def any_value(value: object, depth: int = 0) -> Json:
    """A plain value of an AnyValue; numbers written as text become numbers."""
    if not isinstance(value, Mapping) or len(value) != 1 or depth > _MAX_NESTING:
        return None if not value or isinstance(value, Mapping) else value
    kind, inner = next(iter(value.items()))
    if kind in ("intValue", "int_value"):
        return _number(inner, int)
    if kind in ("doubleValue", "double_value"):
        return _number(inner, float)
    if kind in ("arrayValue", "array_value"):
        values = inner.get("values") if isinstance(inner, Mapping) else None
        return [any_value(item, depth + 1) for item in values] if isinstance(values, list) else []
    if kind in ("kvlistValue", "kvlist_value"):
        return _map(inner, depth)
    return inner


def _map(inner: object, depth: int) -> dict[str, Json]:
    values = inner.get("values") if isinstance(inner, Mapping) else None
    return {str(item.get("key")): any_value(item.get("value"), depth + 1) for item in objects(values)}


def _number(value: object, kind: type[int] | type[float]) -> Json:
    if not isinstance(value, str | int | float):
        return None
    try:
        return scrub(kind(value))
    except (ValueError, OverflowError):
        return value if isinstance(value, str) else None


def console_span(item: Object, line: int | None = None) -> RawSpan | str:
    """A span as the SDK's ``to_json`` writes it: ids below ``context``, ISO times, plain attributes."""
    context = item.get("context")
    context = context if isinstance(context, Mapping) else {}
    notes: list[str] = []
    trace, id_, parent = ids(context.get("trace_id"), context.get("span_id"), item.get("parent_id"), notes)
    if trace is None or id_ is None:
        return "a span has no trace_id or no span_id"
    status, resource, scope = (
        part if isinstance(part, Mapping) else {}
        for part in (item.get("status"), item.get("resource"), item.get("instrumentation_scope"))
    )
    return RawSpan(
        trace=trace,
        id=id_,
        parent=parent,
        name=str(item.get("name") or ""),
        start=time(item.get("start_time"), notes),
        end=time(item.get("end_time"), notes),
        attributes=text_attributes(item.get("attributes")),
        events=[
            Event(str(e.get("name") or ""), text_attributes(e.get("attributes"))) for e in objects(item.get("events"))
        ],
        links=[link for e in objects(item.get("links")) if (link := _console_link(e))],
        status=status_of(status.get("status_code")),
        message=as_text(status.get("description")) or "",
        scope=str(scope.get("name") or ""),
        resource=text_attributes(resource.get("attributes")),
        line=line,
        notes=notes,
    )


def _console_link(item: Object) -> tuple[str, str] | None:
    context = item.get("context")
    return _link(context) if isinstance(context, Mapping) else None


def logs(document: Object) -> Iterator[tuple[str, dict[str, Json], str, str]]:
    """(event name, attributes, trace id, span id) of every log record."""
    for group, _, _ in scopes(document, "Logs"):
        for item in objects(pick(group, "logRecords", "log_records")):
            attributes = pairs(item.get("attributes"))
            name = pick(item, "eventName", "event_name") or attributes.get("event.name")
            trace, span, _ = ids(pick(item, "traceId", "trace_id"), pick(item, "spanId", "span_id"), None, [])
            yield str(name or ""), attributes, trace or "", span or ""
