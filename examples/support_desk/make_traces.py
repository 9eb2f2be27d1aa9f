"""Runs every scenario and writes what OpenTelemetry exported: ``python -m examples.support_desk.make_traces [DIR]``.

Ids come from a seeded generator and everything runs on one thread, so that a second run gives equal canonical hashes.
"""

from __future__ import annotations

import base64
import json
import random
import sys
import sysconfig
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from google.protobuf.json_format import MessageToDict
from openinference.instrumentation.langchain import LangChainInstrumentor
from opentelemetry import trace as otel
from opentelemetry.exporter.otlp.proto.common.trace_encoder import encode_spans
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.sdk.trace.id_generator import IdGenerator

from examples.support_desk.app import INSTRUCTIONS, Desk
from examples.support_desk.scenarios import Scenario, scenarios
from examples.support_desk.tools import Shop

ROOT = Path(__file__).resolve().parents[2]
TRACES = ROOT / "traces"
_IDS = ("traceId", "spanId", "parentSpanId")
_PLACES = {sysconfig.get_path("purelib"): "site-packages", sysconfig.get_path("stdlib"): "python", str(ROOT): "."}


class SeededIds(IdGenerator):
    """Ids that are the same in every run."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def generate_span_id(self) -> int:
        """A non-zero 64-bit id."""
        return self.random.getrandbits(63) + 1

    def generate_trace_id(self) -> int:
        """A non-zero 128-bit id."""
        return self.random.getrandbits(127) + 1


class Collector(SpanExporter):
    """Keeps finished spans until a conversation is over, as a collector's batch does."""

    def __init__(self) -> None:
        self.spans: list[ReadableSpan] = []

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Take spans."""
        self.spans += spans
        return SpanExportResult.SUCCESS

    def request(self) -> dict[str, Any]:
        """The official encoding of what was taken, as OTLP/JSON: ids in hexadecimal."""
        request: dict[str, Any] = MessageToDict(encode_spans(self.spans))
        self.spans = []
        _hex(request)
        return placeless(request)  # type: ignore[no-any-return]


def _hex(value: Any) -> None:
    """OTLP/JSON writes ids in hexadecimal where protobuf's own mapping writes base64."""
    if isinstance(value, dict):
        for key, item in value.items():
            if key in _IDS:
                value[key] = base64.b64decode(item).hex()
            else:
                _hex(item)
    elif isinstance(value, list):
        for item in value:
            _hex(item)


def placeless(value: Any) -> Any:
    """The same without the folders of the machine it ran on, which stack traces name."""
    if isinstance(value, dict):
        return {key: placeless(item) for key, item in value.items()}
    if isinstance(value, list):
        return [placeless(item) for item in value]
    if isinstance(value, str):
        for place, name in _PLACES.items():  # the innermost folder first
            value = value.replace(place, name)
    return value


def instrumented(version: str, seed: int) -> Collector:
    """What the application exports from now on, as this version of it."""
    collector = Collector()
    provider = TracerProvider(
        id_generator=SeededIds(seed), resource=Resource({"service.name": "support_desk", "service.version": version})
    )
    provider.add_span_processor(SimpleSpanProcessor(collector))
    otel.set_tracer_provider(provider)
    LangChainInstrumentor().instrument(tracer_provider=provider)
    return collector


def run(scenario: Scenario, collector: Collector, *, instructions: str = INSTRUCTIONS) -> tuple[str, dict[str, Any]]:
    """(trace id, export request) of one conversation."""
    desk = Desk(
        script=scenario.script,
        tools=Shop(failures=dict(scenario.failures)).tools(),
        switches=scenario.switches,
        searches=scenario.searches,
        instructions=instructions,
    )
    desk.talk(scenario.turns)
    request = collector.request()
    trace = request["resourceSpans"][0]["scopeSpans"][0]["spans"][0]["traceId"]
    return trace, request


def main(folder: Path) -> None:
    """Write the traces, one file per fault, their gold and their labels."""
    collector = instrumented("1.0.0", 20261124)
    lines: dict[str, list[str]] = {}
    gold, labels = [], []
    for scenario in scenarios():
        trace, request = run(scenario, collector)
        file = f"{scenario.fault or 'clean'}.otlp.jsonl"
        lines.setdefault(file, []).append(json.dumps(request, ensure_ascii=False))
        labels.append(
            {
                "trace": trace,
                "file": file,
                "fault": scenario.fault or "clean",
                "component": scenario.component,
                "finding": scenario.finding,
            }
        )
        if scenario.gold:
            gold.append({"trace": trace, **scenario.gold})
    for file, rows in lines.items():
        (folder / file).write_text("\n".join(rows) + "\n", encoding="utf-8")
    for name, written in (("gold.jsonl", gold), ("labels.jsonl", labels)):
        (folder / name).write_text(
            "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in written), encoding="utf-8"
        )


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else TRACES
    target.mkdir(parents=True, exist_ok=True)
    main(target)
