"""Whatever happens to a file, reading it gives records or one InputError, and everything is accounted for."""

import io
import json
import random

import pytest

from traceeval.adapters import ADAPTERS, limited, read_records
from traceeval.errors import TraceevalError
from traceeval.model import LossReport, Trace, trace_hash

ODD = [None, True, 0, -1, 10**30, 1.5, "", "x", [], {}, [[]], {"": {}}, "{'a': 1}", "[" * 300, ["x", {"a": None}]]
FILES = [
    "otlp/langchain_openinference.otlp.pb",
    "otlp/langchain_openinference.sdk-console.jsonl",
    "otlp/rag_rerank.otlp.json",
    "otlp/rag_rerank.otlp.json.gz",
    "otlp/evaluation_result.otlp-logs.pb",
    "otel_genai/pydantic_ai_v5.otlp.json",
    "otel_genai/pydantic_ai_v5_no_content.otlp.json",
    "openai/chat_messages.json",
    "traps/truncated_attr_128.otlp.json",
    "traps/parent_cycle.otlp.json",
]


def mutate(value, rng, budget):
    """Delete keys and swap types, here and there."""
    if isinstance(value, dict):
        for key in list(value):
            roll = rng.random()
            if roll < budget:
                del value[key]
            elif roll < 2 * budget:
                value[key] = rng.choice(ODD)
            else:
                value[key] = mutate(value[key], rng, budget)
    elif isinstance(value, list):
        return [rng.choice(ODD) if rng.random() < budget else mutate(item, rng, budget) for item in value]
    elif isinstance(value, str) and value[:1] in "{[" and rng.random() < 0.5:
        try:
            return json.dumps(mutate(json.loads(value), rng, budget * 3))
        except ValueError:
            return value
    return value


def survives(data, tmp_path):
    path = tmp_path / "broken"
    path.write_bytes(data)
    for record in read_records([path]):
        if isinstance(record, LossReport):
            assert record.balanced, record
        elif isinstance(record, Trace):
            trace_hash(record)
    for name in ADAPTERS.names():
        try:
            list(ADAPTERS.get(name).call(limited(io.BytesIO(data), "x"), "x"))
        except TraceevalError:
            continue


def test_built_runs_survive_changes(otlp, tmp_path):
    rng = random.Random(1)
    for _, data in otlp.encodings(otlp.rag_run()):
        for _ in range(6):
            at = rng.randrange(len(data))
            survives(data[:at], tmp_path)
            survives(data[:at] + bytes([rng.randrange(256)]) + data[at + 1 :], tmp_path)
    for _ in range(60):
        survives(json.dumps(mutate(otlp.export(*otlp.rag_run()), rng, 0.05)).encode(), tmp_path)


@pytest.mark.shared
@pytest.mark.parametrize("name", FILES)
def test_real_exports_survive_changes(samples, tmp_path, name):
    data = (samples / name).read_bytes()
    rng = random.Random(name)
    for _ in range(6):
        survives(data[: rng.randrange(len(data))], tmp_path)
        at = rng.randrange(len(data))
        survives(data[:at] + bytes([rng.randrange(256)]) + data[at + 1 :], tmp_path)
    if name.endswith(".json"):
        for _ in range(12):
            survives(json.dumps(mutate(json.loads(data), rng, rng.choice([0.002, 0.02, 0.1]))).encode(), tmp_path)


@pytest.mark.shared
def test_every_sample_of_any_format_is_read_or_refused(samples):
    for path in sorted(samples.rglob("*")):
        if path.is_file():
            accounts = [record for record in read_records([path]) if isinstance(record, LossReport)]
            assert accounts, path
            assert all(account.balanced for account in accounts), path
