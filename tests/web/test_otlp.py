"""The OTLP/HTTP receiver: what an exporter sends arrives, whole or gzipped, and is answered in its own words."""

import gzip
import json
from pathlib import Path

import pytest
from google.protobuf.json_format import ParseDict
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)

from traceeval.web.ingest import otlp_reply

ROOT = Path(__file__).parents[2]
PB = "application/x-protobuf"


def document():
    return json.loads((ROOT / "traces" / "clean.otlp.jsonl").read_text().splitlines()[0])


def hexadecimal(body):
    """Ids as the JSON of protobuf has them."""
    import base64

    for resource in body["resourceSpans"]:
        for scope in resource["scopeSpans"]:
            for span in scope["spans"]:
                for name in ("traceId", "spanId", "parentSpanId"):
                    if span.get(name):
                        span[name] = base64.b64encode(bytes.fromhex(span[name])).decode()
    return body


@pytest.fixture
def export(visit, token):
    http, headers = visit().http, token("sender", "lead", scopes=("ingest",))

    def send(body, kind, **more):
        return http.post("/api/v1/traces", content=body, headers={**headers, "content-type": kind, **more})

    return send


def packed():
    return ParseDict(hexadecimal(document()), ExportTraceServiceRequest()).SerializeToString()


@pytest.mark.parametrize("coded", [False, True], ids=["plain", "gzip"])
def test_protobuf_is_evaluated_and_queued_and_answered_as_an_exporter_expects(export, store, coded):
    body = gzip.compress(packed()) if coded else packed()
    answer = export(body, PB, **({"content-encoding": "gzip"} if coded else {}))
    assert (answer.status_code, answer.headers["content-type"]) == (200, PB)
    assert ExportTraceServiceResponse.FromString(answer.content) == ExportTraceServiceResponse()
    with store.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM selection_unit").scalar_one() == 1


def test_json_is_taken_too_and_the_same_trace_twice_is_one(export, store):
    assert export(packed(), PB).status_code == 200
    answer = export(json.dumps(document()), "application/json")
    assert (answer.status_code, answer.json()["traces"], answer.json()["added"]) == (202, 1, 0)


def test_what_is_no_trace_is_refused_for_good_and_not_to_be_sent_again(export):
    answer = export(b"\xff\xff not protobuf", PB)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")


def test_who_may_send_may_not_read(visit, token, filled):
    headers = token("sender", "lead", scopes=("ingest",))
    for path in ("queues/default/status", "items/1", "estimates?queue=default"):
        assert visit().http.get(f"/api/v1/{path}", headers=headers).status_code == 403


@pytest.mark.parametrize("problems", [["a span without an id"], ["x" * 100, "y" * 100], ["z" * 5000]])
def test_what_could_not_be_read_is_told_as_a_partial_success(problems):
    told = ExportTraceServiceResponse.FromString(otlp_reply(problems)).partial_success
    assert (told.rejected_spans, told.error_message) == (0, "; ".join(problems)[:1000])
