"""The facts that the real exports beside the checkout must give (their README's table)."""

import json
import re
from collections import Counter

import pytest

from traceeval.adapters import read_records
from traceeval.model import (
    Basis,
    Diagnostic,
    Generation,
    Gold,
    Imported,
    Kind,
    LossReport,
    Rerank,
    Retrieval,
    ToolCall,
    Trace,
    text_of,
    trace_hash,
)

pytestmark = pytest.mark.shared

ENCODINGS = ["otlp.json", "otlp.pb", "protobuf-json-mapping.json", "sdk-console.jsonl"]
HARMLESS = [
    "bom_crlf.otlp.json",
    "out_of_order.otlp.json",
    "clock_skew_child_before_parent.otlp.json",
    "snake_case_keys.otlp.json",
    "upper_hex_enum_names_int_times.otlp.json",
    "duplicate_spans.otlp.json",
    "partial_then_final_same_id.otlp.json",
    "collector_jsonl_two_batches.otlp.jsonl",
]


def load(path):
    records = list(read_records([path]))
    return [r for r in records if isinstance(r, Trace)], records


def codes(records):
    told = {record.code for record in records if isinstance(record, Diagnostic)}
    return told | {note.code for record in records if isinstance(record, Trace) for note in record.diagnostics}


def test_four_encodings_and_eight_harmless_traps_have_one_canonical_hash(samples):
    files = [samples / "otlp" / f"langchain_openinference.{name}" for name in ENCODINGS]
    files += [samples / "traps" / name for name in HARMLESS]
    hashes = {}
    for file in files:
        (trace,), _ = load(file)
        hashes[file.name] = (trace_hash(trace), len(trace.spans))
    assert len(hashes) == 12
    assert len(set(hashes.values())) == 1, hashes
    assert next(iter(hashes.values()))[1] == 20


def test_times_agree_within_a_microsecond(samples):
    starts = []
    for name in ENCODINGS:
        (trace,), _ = load(samples / "otlp" / f"langchain_openinference.{name}")
        starts.append({span.id: (span.start, span.end) for span in trace.spans})
    for other in starts[1:]:
        for id_, times in starts[0].items():
            assert times == pytest.approx(other[id_], abs=1e-6, rel=0)


def test_facts_of_the_langgraph_run(samples):
    (trace,), records = load(samples / "otlp" / "langchain_openinference.otlp.json")
    roots = [span for span in trace.spans if span.parent is None]
    assert [root.name for root in roots] == ["rag_agent"]
    plumbing = Counter(span.name for span in trace.spans if span.plumbing)
    assert plumbing == dict.fromkeys(["RunnableSequence", "call_model", "should_continue", "tools", "Prompt"], 2)
    (search,) = [span for span in trace.spans if span.kind is Kind.RETRIEVAL]
    assert [(h.doc, h.score, h.id_basis) for h in search.body.hits] == [
        ("d1", 0.91, "output"),
        ("d2", 0.83, "output"),
        ("d3", 0.4, "output"),
    ]
    (rank,) = [span for span in trace.spans if span.kind is Kind.RERANK]
    assert (rank.name, rank.basis, [h.doc for h in rank.body.after]) == ("reranker", Basis.INFERRED, ["d1", "d2"])
    calls = [span for span in trace.spans if span.kind is Kind.MODEL]
    assert [(span.usage.input, span.usage.output) for span in calls] == [(120, 20), (180, 15)]
    good, bad = [span for span in trace.spans if span.kind is Kind.TOOL]
    assert (good.body.call_id, good.body.link, good.body.result, good.error) == (
        "call_1",
        Basis.OBSERVED,
        "4132.11715",
        None,
    )
    assert (bad.name, bad.body.call_id, bad.body.link) == ("flaky", "call_2", Basis.INFERRED)
    assert (bad.error.type, bad.error.message, bad.error.swallowed) == ("ValueError", "backend down", True)
    assert (bad.body.arguments, bad.body.raw) == ({"x": "a"}, "a")
    assert good.body.requested_by == bad.body.requested_by == calls[0].id
    assert trace.question == "How long is the Nile in miles?"
    assert trace.answer == "The Nile is 6650 km (4132 miles) [d1]."
    assert trace.session == "s-1"
    assert "link.inferred" in codes(records)


@pytest.mark.parametrize("name", ["rag_rerank.otlp.json", "rag_rerank.otlp.json.gz", "rag_rerank.otlp.pb"])
def test_facts_of_the_three_rag_runs(samples, name):
    (first, second, third), records = load(samples / "otlp" / name)

    def body(trace, kind):
        return next((span.body for span in trace.spans if span.kind is kind), None)

    ranked = body(first, Kind.RERANK)
    assert isinstance(ranked, Rerank)
    assert (len(ranked.before), len(ranked.after), ranked.after[0].doc) == (5, 2, "geo-01#0")
    lost = body(second, Kind.RERANK)
    assert lost.before[0].doc == "geo-01#0"
    assert "geo-01#0" not in [hit.doc for hit in lost.after]
    assert body(third, Kind.RERANK) is None
    bare = body(third, Kind.RETRIEVAL)
    assert isinstance(bare, Retrieval)
    assert {(hit.score, hit.id_basis) for hit in bare.hits} == {(None, "content")}
    (tool,) = [span for span in third.spans if span.kind is Kind.TOOL]
    assert (tool.error.type, tool.error.message) == ("TimeoutError", "backend timed out after 5 s")
    (score,) = [record for record in records if isinstance(record, Imported)]
    assert (score.name, score.value, score.trace) == ("retriever.recall", 1.0, first.id)


def test_rag_runs_are_equal_in_every_container(samples):
    forms = [load(samples / "otlp" / name)[0] for name in ("rag_rerank.otlp.json", "rag_rerank.otlp.json.gz")]
    forms.append(load(samples / "otlp" / "rag_rerank.otlp.pb")[0])
    assert len({tuple(map(trace_hash, traces)) for traces in forms}) == 1


def test_the_whole_otlp_folder_is_accounted_for_without_an_error(samples):
    records = list(read_records([samples / "otlp"]))
    accounts = [record for record in records if isinstance(record, LossReport)]
    assert len(accounts) == len(list((samples / "otlp").iterdir()))
    assert all(account.balanced for account in accounts)
    assert sum(account.spans for account in accounts) == 4 * 20 + 3 * 17
    assert not [record for record in records if isinstance(record, Diagnostic) and record.level == "error"]
    assert "retrieval.recall_at_k" in {record.name for record in records if isinstance(record, Imported)}


def test_every_trap_is_named(samples):
    folder = samples / "traps"
    expected = {
        "bom_crlf.otlp.json": "input.bom",
        "clock_skew_child_before_parent.otlp.json": "clock.skew",
        "collector_jsonl_two_batches.otlp.jsonl": "span.duplicate",
        "cut_file_mid_json.otlp.json": "input.truncated",
        "duplicate_spans.otlp.json": "span.duplicate",
        "missing_parent.otlp.json": "tree.missing_parent",
        "multi_trace_same_span_ids.otlp.json": "span.shared_id",
        "out_of_order.otlp.json": "span.unordered",
        "snake_case_keys.otlp.json": "keys.snake_case",
        "parent_cycle.otlp.json": "tree.cycle",
        "partial_then_final_same_id.otlp.json": "span.partial",
        "truncated_attr_128.otlp.json": "content.cut",
        "upper_hex_enum_names_int_times.otlp.json": "id.normalised",
    }
    assert {path.name for path in folder.iterdir()} == set(expected)
    for name, code in expected.items():
        assert code in codes(load(folder / name)[1]), name
    errors = [r for r in read_records([folder]) if isinstance(r, Diagnostic) and r.level == "error"]
    assert [(error.code, error.where) for error in errors] == [
        ("input.truncated", str(folder / "cut_file_mid_json.otlp.json"))
    ]


def test_facts_of_the_broken_traps(samples):
    folder = samples / "traps"
    (orphaned,), _ = load(folder / "missing_parent.otlp.json")
    (root,) = [span for span in orphaned.spans if span.parent is None]
    assert len(orphaned.spans) == 19
    assert sum(span.parent == root.id for span in orphaned.spans) == 2 + 4
    (cyclic,), _ = load(folder / "parent_cycle.otlp.json")
    named = {span.name: span for span in cyclic.spans}
    assert (named["R"].parent, named["reranker"].parent) == (named["rag_agent"].id, named["R"].id)
    twins, _ = load(folder / "multi_trace_same_span_ids.otlp.json")
    assert [len(trace.spans) for trace in twins] == [20, 20]
    (cut,), _ = load(folder / "truncated_attr_128.otlp.json")
    (search,) = [span for span in cut.spans if span.kind is Kind.RETRIEVAL]
    assert {hit.text.state for hit in search.body.hits} == {"cut"}
    assert load(folder / "cut_file_mid_json.otlp.json")[0] == []


@pytest.mark.parametrize("name", ["pydantic_ai_v5.otlp.json", "pydantic_ai_v2_attrs.otlp.json"])
def test_facts_of_the_pydantic_ai_runs(samples, name):
    (trace,), _ = load(samples / "otel_genai" / name)
    kinds = Counter(span.kind for span in trace.spans)
    assert kinds == {Kind.AGENT: 1, Kind.MODEL: 4, Kind.TOOL: 3, Kind.RETRIEVAL: 1}
    search, bad, good = [span for span in trace.spans if span.kind is Kind.TOOL]
    assert [span.body.call_id for span in (search, bad, good)] == ["call_a", "call_b", "call_c"]
    assert (search.error, good.error) == (None, None)
    assert bad.error.type.endswith("ValidationError")
    assert (bad.body.arguments, good.body.result) == ({"km": "long"}, "4132.1")
    assert isinstance(bad.body, ToolCall)
    (found,) = [span.body for span in trace.spans if span.kind is Kind.RETRIEVAL]
    assert [(hit.doc, hit.score) for hit in found.hits] == [("geo-01#0", 0.91), ("geo-02#1", 0.88), ("fruit-7#0", 0.4)]
    assert found.hits[0].text == "The Nile is 6650 km long."
    models = [span for span in trace.spans if span.kind is Kind.MODEL]
    assert sum(span.usage.input for span in models) == 399
    assert {offer.name for offer in models[0].body.tools} == {"search_docs", "km_to_miles"}
    assert [m.role for m in models[-1].body.messages].count("tool") == 3
    assert trace.question == "How long is the Nile in miles?"
    assert trace.answer == "The Nile is 6650 km (4132 miles) long."


def test_facts_of_the_run_without_content(samples):
    (trace,), records = load(samples / "otel_genai" / "pydantic_ai_v5_no_content.otlp.json")
    models = [span for span in trace.spans if span.kind is Kind.MODEL]
    assert len(models) == 4
    assert all(span.usage.input and span.usage.output for span in models)
    assert {span.body.messages for span in models} == {None}
    assert {text_of(span.body.output.content) for span in models} == {None}
    tools = [span.body for span in trace.spans if span.kind is Kind.TOOL]
    assert [(tool.call_id, tool.arguments, tool.result) for tool in tools] == [
        ("call_a", None, None),
        ("call_b", None, None),
        ("call_c", None, None),
    ]
    (found,) = [span.body for span in trace.spans if span.kind is Kind.RETRIEVAL]
    assert [hit.score for hit in found.hits] == [0.91, 0.88, 0.4]
    assert (trace.question, trace.answer) == (None, None)
    assert "content.absent" in codes(records)


def test_the_same_call_in_both_dialects_is_one_generation(samples):
    from traceeval.adapters._dialects import genai, openinference
    from traceeval.adapters._dialects._attributes import Attributes

    folder = samples / "otel_genai"
    new, old, other = (
        json.loads((folder / name).read_text())
        for name in (
            "otel_genai_client_span_tool_calls.json",
            "otel_genai_deprecated_client_span_tool_calls.json",
            "openinference_client_span_tool_calls.json",
        )
    )
    bodies = [
        genai.generation(Attributes(new)),
        genai.generation(Attributes(old)),
        openinference.generation(Attributes(other)),
    ]
    for body in bodies:
        assert isinstance(body, Generation)
        assert (body.model, body.messages, body.output) == (bodies[0].model, bodies[0].messages, bodies[0].output)
    assert [message.role for message in bodies[0].messages] == ["user", "assistant", "tool"]


def test_facts_of_the_openai_conversation(samples):
    (trace,), records = load(samples / "openai" / "chat_messages.json")
    assert [span.kind for span in trace.spans] == [
        Kind.AGENT,
        Kind.HUMAN,
        Kind.MODEL,
        Kind.TOOL,
        Kind.TOOL,
        Kind.MODEL,
    ]
    assert {span.basis for span in trace.spans} == {Basis.INFERRED}
    good, bad = trace.spans[3].body, trace.spans[4].body
    assert (good.call_id, good.arguments, good.result) == ("call_1", {"km": 6650.0}, "4132.11715")
    assert (bad.call_id, bad.arguments, bad.requested_by) == ("call_2", {"x": "a"}, trace.spans[2].id)
    assert bad.result.startswith("Error: ValueError")
    assert trace.answer == "The Nile is 6650 km (4132 miles) [d1]."
    assert records[-1].balanced


def test_facts_of_the_trec_run(samples):
    records = list(read_records([samples / "trec" / "results.test", samples / "trec" / "qrels.test"]))
    traces = [record for record in records if isinstance(record, Trace)]
    gold = {record.trace: record.reference.documents for record in records if isinstance(record, Gold)}
    assert isinstance(records[0], Gold)
    assert [trace.id for trace in traces] == ["301", "302", "303"]
    assert sum(map(len, gold.values())) == 3681
    hits = traces[0].spans[0].body.hits
    assert len(hits) == 500
    order = [(hit.score, hit.doc) for hit in hits]
    assert order == sorted(order, reverse=True)


def test_values_in_bodies_occur_in_the_source(samples):
    for name in (
        "otlp/langchain_openinference.otlp.json",
        "otlp/rag_rerank.otlp.json",
        "otel_genai/pydantic_ai_v5.otlp.json",
        "openai/chat_messages.json",
    ):
        source = (samples / name).read_text()
        for _ in range(4):  # JSON within JSON
            source += source.replace('\\"', '"').replace("\\\\", "\\").replace("\\n", "\n")[-len(source) :]
        squeezed = re.sub(r"\s", "", source)
        for trace in load(samples / name)[0]:
            for text in texts(trace):
                assert re.sub(r"\s", "", text) in squeezed, (name, text)


def texts(trace):
    for span in trace.spans:
        body = span.body
        if isinstance(body, Generation):
            yield from (text for m in body.messages or () if (text := text_of(m.content)))
        elif isinstance(body, ToolCall):
            yield from (text for text in (body.name, body.call_id, text_of(body.result)) if text)
        elif isinstance(body, Retrieval):
            yield from (text for hit in body.hits or () if (text := text_of(hit.text)))
            yield from (hit.doc for hit in body.hits or () if hit.id_basis != "content")
