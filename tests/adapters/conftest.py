"""OTLP files written by hand: spans as short tuples, every encoding from one of them."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from traceeval.adapters import read_records
from traceeval.model import Diagnostic, LossReport, Trace

SAMPLES = Path(__file__).parents[3] / "shared" / "formats-samples"
TRACE = "ab" * 16
SECOND = 1_000_000_000
START = 1_790_000_000 * SECOND


def span_id(name: str) -> str:
    return name.encode().hex().ljust(16, "0")[:16]


def span(
    name: str,
    parent: str | None = None,
    *,
    at: float = 0,
    end: float | None = None,
    trace: str = TRACE,
    id: str = "",
    status: dict[str, Any] | None = None,
    events: list[Any] | None = None,
    links: list[Any] | None = None,
    **attributes: Any,
) -> dict[str, Any]:
    """One OTLP/JSON span; attribute keys use ``__`` for a dot."""
    made: dict[str, Any] = {
        "traceId": trace,
        "spanId": id or span_id(name),
        "name": name,
        "startTimeUnixNano": str(START + int(at * SECOND)),
        "endTimeUnixNano": str(START + int((at + 1 if end is None else end) * SECOND)),
        "attributes": [{"key": k.replace("__", "."), "value": any_value(v)} for k, v in attributes.items()],
        "status": status or {},
    }
    if parent:
        made["parentSpanId"] = span_id(parent)
    if events:
        made["events"] = events
    if links:
        made["links"] = links
    return made


def any_value(value: Any) -> dict[str, Any]:
    if isinstance(value, bool):
        return {"boolValue": value}
    if isinstance(value, int):
        return {"intValue": str(value)}
    if isinstance(value, float):
        return {"doubleValue": value}
    if isinstance(value, list) and not any(isinstance(item, dict) for item in value):
        return {"arrayValue": {"values": [any_value(item) for item in value]}}
    return {"stringValue": value if isinstance(value, str) else json.dumps(value)}


def export(*spans: dict[str, Any], scope: str = "tests", **resource: str) -> dict[str, Any]:
    """An export request of these spans."""
    attributes = [{"key": key.replace("__", "."), "value": any_value(value)} for key, value in resource.items()]
    groups = [{"scope": {"name": scope}, "spans": list(spans)}]
    return {"resourceSpans": [{"resource": {"attributes": attributes}, "scopeSpans": groups}]}


def rag_run() -> list[dict[str, Any]]:
    """A small run: agent, search, reranker, model that calls a tool, the failing tool, model with the answer."""
    documents = [("d1", "The Nile is 6650 km long.", 0.9), ("d2", "Bananas are yellow.", 0.4)]
    found = {
        f"retrieval.documents.{i}.document.{k}": v
        for i, (d, t, s) in enumerate(documents)
        for k, v in (("id", d), ("content", t), ("score", s))
    }
    ranked = {
        f"reranker.{side}_documents.{i}.document.{k}": v
        for side, rows in (("input", documents), ("output", documents[:1]))
        for i, (d, t, _) in enumerate(rows)
        for k, v in (("id", d), ("content", t))
    }
    prompt = {"llm.input_messages.0.message.role": "user", "llm.input_messages.0.message.content": "How long?"}
    asked = "llm.output_messages.0.message.tool_calls.0.tool_call"
    kind = "openinference.span.kind"
    raised = [
        {
            "name": "exception",
            "attributes": [
                {"key": "exception.type", "value": {"stringValue": "TimeoutError"}},
                {"key": "exception.message", "value": {"stringValue": "too slow"}},
            ],
        }
    ]
    return [
        span(
            "agent",
            at=0,
            end=20,
            **{kind: "AGENT", "input.value": "How long is the Nile?", "session.id": "s1", "output.value": "6650 km."},
        ),
        span("search", "agent", at=1, **{kind: "RETRIEVER", "input.value": "nile", **found}),
        span("rank", "agent", at=3, **{kind: "RERANKER", "reranker.query": "nile", "reranker.top_k": 1, **ranked}),
        span(
            "plan",
            "agent",
            at=5,
            **{
                kind: "LLM",
                "llm.model_name": "m1",
                "llm.token_count.prompt": 10,
                "llm.token_count.completion": 2,
                **prompt,
                f"{asked}.id": "c1",
                f"{asked}.function.name": "convert",
                f"{asked}.function.arguments": '{"km": 6650}',
            },
        ),
        span(
            "convert",
            "agent",
            at=7,
            status={"code": 2, "message": "too slow"},
            events=raised,
            **{kind: "TOOL", "tool.name": "convert", "input.value": '{"km": 6650}'},
        ),
        span(
            "write",
            "agent",
            at=9,
            **{
                kind: "LLM",
                "llm.model_name": "m1",
                **prompt,
                "llm.output_messages.0.message.role": "assistant",
                "llm.output_messages.0.message.content": "6650 km.",
            },
        ),
    ]


def to_protobuf(document: dict[str, Any]) -> bytes:
    from google.protobuf.json_format import ParseDict
    from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

    message = ParseDict(with_base64(document), ExportTraceServiceRequest())
    return bytes(message.SerializeToString())


def with_base64(document: Any) -> Any:
    """The same with ids as protobuf's own JSON mapping writes them."""
    if isinstance(document, list):
        return [with_base64(item) for item in document]
    if not isinstance(document, dict):
        return document
    ids = ("traceId", "spanId", "parentSpanId")
    return {k: base64.b64encode(bytes.fromhex(v)).decode() if k in ids else with_base64(v) for k, v in document.items()}


def plain(value: dict[str, Any]) -> Any:
    kind, inner = next(iter(value.items()))
    return int(inner) if kind == "intValue" else inner


def to_console(spans: list[dict[str, Any]], indent: int | None = None) -> bytes:
    """What the SDK's console exporter prints."""

    def iso(nanos: str) -> str:
        return datetime.fromtimestamp(int(nanos) / SECOND, UTC).isoformat().replace("+00:00", "Z")

    rows = [
        {
            "name": s["name"],
            "context": {"trace_id": f"0x{s['traceId']}", "span_id": f"0x{s['spanId']}", "trace_state": "[]"},
            "kind": "SpanKind.INTERNAL",
            "parent_id": f"0x{s['parentSpanId']}" if "parentSpanId" in s else None,
            "start_time": iso(s["startTimeUnixNano"]),
            "end_time": iso(s["endTimeUnixNano"]),
            "status": {
                "status_code": {2: "ERROR", 1: "OK"}.get(s["status"].get("code"), "UNSET"),
                "description": s["status"].get("message"),
            },
            "attributes": {a["key"]: plain(a["value"]) for a in s["attributes"]},
            "events": [
                {"name": e["name"], "attributes": {a["key"]: plain(a["value"]) for a in e["attributes"]}}
                for e in s.get("events", [])
            ],
            "links": [],
            "resource": {"attributes": {}, "schema_url": ""},
        }
        for s in spans
    ]
    return "\n".join(json.dumps(row, indent=indent) for row in rows).encode() + b"\n"


def encodings(spans: list[dict[str, Any]]) -> Iterator[tuple[str, bytes]]:
    """(name, bytes) of one run in every encoding the adapter reads."""
    document = export(*spans)
    text = json.dumps(document)
    yield "json", text.encode()
    yield "pretty", json.dumps(document, indent=2).encode()
    yield "bom and crlf", b"\xef\xbb\xbf" + json.dumps(document, indent=1).replace("\n", "\r\n").encode()
    yield "gzip", gzip.compress(text.encode())
    yield "protobuf", to_protobuf(document)
    yield "gzip protobuf", gzip.compress(to_protobuf(document))
    yield "protobuf's JSON", json.dumps(with_base64(document)).encode()
    yield "lines", "\n".join(json.dumps(export(one)) for one in spans).encode()
    yield "list", json.dumps([export(one) for one in spans]).encode()
    yield "reversed", json.dumps(export(*reversed(spans))).encode()
    yield "console lines", to_console(spans)
    yield "console pretty", to_console(spans, indent=4)


@pytest.fixture
def read_bytes(tmp_path: Path) -> Callable[..., tuple[list[Trace], list[Diagnostic], LossReport]]:
    """(traces, every diagnostic, account) of one file of these bytes."""

    def read(data: bytes | str, name: str = "file", format: str | None = None) -> Any:
        path = tmp_path / name
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        return sorted_out(read_records([path], format=format))

    return read


def sorted_out(records: Any) -> tuple[list[Trace], list[Diagnostic], LossReport]:
    listed = list(records)
    traces = [one for one in listed if isinstance(one, Trace)]
    notes = [one for one in listed if isinstance(one, Diagnostic)]
    notes += [note for trace in traces for note in trace.diagnostics]
    accounts = [one for one in listed if isinstance(one, LossReport)]
    assert all(account.balanced for account in accounts), accounts
    return traces, notes, accounts[-1]


@pytest.fixture
def otlp() -> Any:
    """The builders above, for tests that are no package."""
    import types

    return types.SimpleNamespace(
        span=span,
        export=export,
        rag_run=rag_run,
        encodings=encodings,
        span_id=span_id,
        TRACE=TRACE,
        to_console=to_console,
        to_protobuf=to_protobuf,
        sorted_out=sorted_out,
    )


@pytest.fixture
def samples() -> Path:
    """The folder of real exports beside the checkout."""
    if not SAMPLES.is_dir():
        pytest.skip(f"real exports not found in {SAMPLES}: nothing of this test was checked")
    return SAMPLES
