import json

import pytest

from traceeval.adapters import read_records
from traceeval.model import (
    Basis,
    Generation,
    Imported,
    Kind,
    Partial,
    Rerank,
    Retrieval,
    ToolCall,
    Trace,
    trace_hash,
)


def by_name(trace):
    return {span.name: span for span in trace.spans}


def test_every_encoding_of_one_run_has_one_canonical_hash(otlp, read_bytes):
    hashes = {}
    for name, data in otlp.encodings(otlp.rag_run()):
        traces, notes, account = read_bytes(data)
        assert len(traces) == 1, name
        assert not [note for note in notes if note.level == "error"], name
        assert account.spans == 6, name
        hashes[name] = trace_hash(traces[0])
    assert len(set(hashes.values())) == 1, hashes
    assert len(hashes) == 12


def test_a_changed_body_changes_the_hash(otlp, read_bytes):
    spans = otlp.rag_run()
    (before,), _, _ = read_bytes(json.dumps(otlp.export(*spans)))
    spans[1]["attributes"][2]["value"] = {"stringValue": "another-id"}
    (after,), _, _ = read_bytes(json.dumps(otlp.export(*spans)))
    assert trace_hash(before) != trace_hash(after)


def test_openinference_fills_every_body(otlp, read_bytes):
    (trace,), _, _ = read_bytes(json.dumps(otlp.export(*otlp.rag_run(), service__name="shop", service__version="2")))
    spans = by_name(trace)
    assert (trace.question, trace.answer, trace.session) == ("How long is the Nile?", "6650 km.", "s1")
    assert (trace.system.app, trace.system.release, trace.system.model) == ("shop", "2", "m1")
    search, rank, plan, tool = (spans[name].body for name in ("search", "rank", "plan", "convert"))
    assert isinstance(search, Retrieval)
    assert [(h.doc, h.rank, h.score, h.id_basis) for h in search.hits] == [
        ("d1", 1, 0.9, "native"),
        ("d2", 2, 0.4, "native"),
    ]
    assert isinstance(rank, Rerank)
    assert ([h.doc for h in rank.before], [h.doc for h in rank.after], rank.top_k) == (["d1", "d2"], ["d1"], 1)
    assert isinstance(plan, Generation)
    assert plan.output.tool_calls[0].arguments == {"km": 6650}
    assert (spans["plan"].usage.input, spans["plan"].usage.output) == (10, 2)
    assert isinstance(tool, ToolCall)
    assert (tool.call_id, tool.link, tool.requested_by) == ("c1", Basis.INFERRED, spans["plan"].id)
    error = spans["convert"].error
    assert (error.type, error.message, error.swallowed) == ("TimeoutError", "too slow", True)


def test_spans_are_numbered_in_pre_order_whatever_the_order_of_the_file(otlp, read_bytes):
    (trace,), _, _ = read_bytes(json.dumps(otlp.export(*reversed(otlp.rag_run()))))
    ordered = [span.name for span in sorted(trace.spans, key=lambda span: span.seq)]
    assert ordered == ["agent", "search", "rank", "plan", "convert", "write"]


def test_snake_case_upper_case_ids_and_enum_names_are_read(otlp, read_bytes):
    spans = otlp.rag_run()
    (plain,), _, _ = read_bytes(json.dumps(otlp.export(*spans)))
    text = json.dumps(otlp.export(*spans)).replace('"code": 2', '"code": "STATUS_CODE_ERROR"')
    text = text.replace(otlp.TRACE, otlp.TRACE.upper())
    camel = [
        "resourceSpans",
        "scopeSpans",
        "traceId",
        "spanId",
        "startTimeUnixNano",
        "endTimeUnixNano",
        "stringValue",
        "intValue",
        "doubleValue",
    ]
    for key in (*camel, "parentSpanId"):
        text = text.replace(f'"{key}"', '"' + "".join(f"_{c.lower()}" if c.isupper() else c for c in key) + '"')
    (trace,), notes, _ = read_bytes(text)
    assert trace_hash(trace) == trace_hash(plain)
    assert "id.normalised" in {note.code for note in notes}


def test_equal_span_ids_in_two_traces_are_two_traces(otlp, read_bytes):
    spans = otlp.rag_run() + [{**one, "traceId": "cd" * 16} for one in otlp.rag_run()]
    traces, _, account = read_bytes(json.dumps(otlp.export(*spans)))
    assert [len(trace.spans) for trace in traces] == [6, 6]
    assert account.kept["span"] == 12


def test_a_span_exported_twice_is_folded_and_an_unfinished_one_gives_way(otlp, read_bytes):
    spans = otlp.rag_run()
    unfinished = {key: value for key, value in spans[0].items() if key not in ("endTimeUnixNano",)} | {"attributes": []}
    traces, notes, account = read_bytes(json.dumps(otlp.export(unfinished, *spans, spans[1])))
    assert trace_hash(traces[0]) == trace_hash(read_bytes(json.dumps(otlp.export(*spans)))[0][0])
    assert account.folded == {"span.duplicate": 1, "span.partial": 1}
    assert {"span.duplicate", "span.partial"} <= {note.code for note in notes}


def test_orphans_move_to_the_innermost_span_around_them(otlp, read_bytes):
    spans = [one for one in otlp.rag_run() if one["name"] != "plan"]
    spans.append(otlp.span("inner", "plan", at=3.1, end=3.5))
    (trace,), notes, _ = read_bytes(json.dumps(otlp.export(*spans)))
    named = by_name(trace)
    assert named["inner"].parent == named["rank"].id
    (note,) = [note for note in notes if note.code == "tree.missing_parent"]
    assert otlp.span_id("plan") in note.text


def test_several_roots_hang_on_one_that_was_not_recorded(otlp, read_bytes):
    (trace,), notes, account = read_bytes(json.dumps(otlp.export(otlp.span("a"), otlp.span("b", at=2))))
    root = trace.spans[0]
    assert (root.basis, root.plumbing, len(trace.spans)) == (Basis.INFERRED, True, 3)
    assert {span.parent for span in trace.spans[1:]} == {root.id}
    assert "tree.multi_root" in {note.code for note in notes}
    assert account.kept["span"] == 2


def test_a_cycle_is_cut_above_the_member_that_starts_first(otlp, read_bytes):
    spans = [otlp.span("root", at=0, end=9), otlp.span("late", "early", at=3), otlp.span("early", "late", at=2)]
    (trace,), notes, _ = read_bytes(json.dumps(otlp.export(*spans)))
    named = by_name(trace)
    assert (named["early"].parent, named["late"].parent) == (named["root"].id, named["early"].id)
    assert "tree.cycle" in {note.code for note in notes}


def test_siblings_keep_the_order_of_the_file_when_a_clock_is_skewed(otlp, read_bytes):
    spans = [otlp.span("root", at=5, end=20), otlp.span("first", "root", at=7), otlp.span("second", "root", at=1)]
    (trace,), notes, _ = read_bytes(json.dumps(otlp.export(*spans)))
    assert [span.name for span in trace.spans] == ["root", "first", "second"]
    assert "clock.skew" in {note.code for note in notes}


def test_cut_and_redacted_texts_are_partial_and_cut_json_is_not_repaired(otlp, read_bytes):
    kind = "openinference__span__kind"
    cut = json.dumps({"documents": [{"page_content": "x" * 200}]})[:100]
    spans = [
        otlp.span("agent", at=0, end=9),
        otlp.span(
            "search",
            "agent",
            at=1,
            **{kind: "RETRIEVER", "output.value": cut, "retrieval.documents.0.document.metadata": '{"id": "d7"}'},
        ),
        otlp.span(
            "say",
            "agent",
            at=2,
            **{
                kind: "LLM",
                "llm.output_messages.0.message.content": "y" * 100,
                "llm.input_messages.0.message.content": "__REDACTED__",
            },
        ),
        otlp.span("tool", "agent", at=3, **{kind: "TOOL", "output.value": cut}),
    ]
    (trace,), notes, _ = read_bytes(json.dumps(otlp.export(*spans)))
    named = by_name(trace)
    assert named["search"].body.hits[0].text == Partial(state="cut")
    assert (named["search"].body.hits[0].doc, named["search"].body.hits[0].id_basis) == ("d7", "metadata")
    assert named["say"].body.output.content == Partial(state="cut", value="y" * 100)
    assert named["say"].body.messages[0].content.state == "redacted"
    assert named["tool"].body.result == Partial(state="cut", value=cut)
    assert {"content.cut", "content.redacted"} <= {note.code for note in notes}


def test_plumbing_is_known_by_name_and_gives_way_to_shape(otlp, read_bytes):
    docs = [{"page_content": text, "metadata": {}, "id": id_} for id_, text in (("a", "one"), ("b", "two"))]
    kind = "openinference__span__kind"
    spans = [
        otlp.span("LangGraph", at=0, end=9, **{kind: "CHAIN"}),
        otlp.span("RunnableSequence", "LangGraph", at=1, **{kind: "CHAIN"}),
        otlp.span(
            "pick",
            "LangGraph",
            at=2,
            **{
                kind: "CHAIN",
                "input.value": {"question": "q", "documents": docs},
                "output.value": {"documents": docs[1:]},
            },
        ),
        otlp.span("pass", "LangGraph", at=3, **{kind: "CHAIN", "input.value": docs, "output.value": docs}),
    ]
    (trace,), notes, _ = read_bytes(json.dumps(otlp.export(*spans)))
    named = by_name(trace)
    assert [span.name for span in trace.spans if span.plumbing] == ["RunnableSequence"]
    assert (named["pick"].kind, named["pick"].basis) == (Kind.RERANK, Basis.INFERRED)
    assert [hit.doc for hit in named["pick"].body.after] == ["b"]
    assert named["pick"].body.query == "q"
    assert named["pass"].kind is Kind.OTHER
    assert "kind.inferred" in {note.code for note in notes}


def test_evaluations_are_imported_and_what_an_evaluator_ran_is_no_part_of_the_trace(otlp, tmp_path):
    kind = "openinference__span__kind"
    link = [{"traceId": otlp.TRACE, "spanId": otlp.span_id("agent")}]
    judged = otlp.span(
        "judge",
        trace="ef" * 16,
        links=link,
        **{kind: "EVALUATOR", "evaluations.0.evaluation.name": "recall", "evaluations.0.evaluation.score": 0.5},
    )
    inner = otlp.span("prompt", "ask", trace="ef" * 16)
    outer = otlp.span("ask", "judge", trace="ef" * 16, **{kind: "LLM", "llm.token_count.prompt": 9})
    path = tmp_path / "run"
    path.write_text(json.dumps(otlp.export(*otlp.rag_run(), judged, outer, inner)))
    records = list(read_records([path]))
    assert [(r.name, r.value, r.trace, r.span) for r in records if isinstance(r, Imported)] == [
        ("recall", 0.5, otlp.TRACE, otlp.span_id("agent"))
    ]
    assert [r.id for r in records if isinstance(r, Trace)] == [otlp.TRACE]
    assert records[-1].balanced
    assert records[-1].dropped == {"span.below_evaluation": 2}


def test_usage_belongs_to_the_innermost_model_call(otlp, read_bytes):
    kind, tokens = "openinference__span__kind", "llm__token_count__prompt"
    spans = [
        otlp.span("wrapper", at=0, end=9, **{kind: "LLM", tokens: 10}),
        otlp.span("call", "wrapper", at=1, **{kind: "LLM", tokens: 10}),
    ]
    (trace,), notes, _ = read_bytes(json.dumps(otlp.export(*spans)))
    assert [span.usage and span.usage.input for span in trace.spans] == [None, 10]
    assert trace.spans[0].plumbing
    assert "usage.double" in {note.code for note in notes}


def test_a_log_export_yields_scores_and_no_trace(tmp_path):
    record = {
        "eventName": "gen_ai.evaluation.result",
        "traceId": "ab" * 16,
        "spanId": "cd" * 8,
        "attributes": [
            {"key": "gen_ai.evaluation.name", "value": {"stringValue": "recall"}},
            {"key": "gen_ai.evaluation.score.value", "value": {"doubleValue": 0.5}},
        ],
    }
    other = {"body": {"stringValue": "hello"}}
    path = tmp_path / "logs"
    path.write_text(json.dumps({"resourceLogs": [{"scopeLogs": [{"logRecords": [record, other]}]}]}))
    imported, account = read_records([path])
    assert (imported.name, imported.value, imported.trace) == ("recall", 0.5, "ab" * 16)
    assert account.dropped == {"log.other": 1}


def test_a_cut_document_yields_nothing_but_its_diagnostic(otlp, read_bytes):
    data = json.dumps(otlp.export(*otlp.rag_run()))
    traces, notes, account = read_bytes(data[: len(data) // 2])
    assert traces == []
    assert [(note.code, note.level) for note in notes] == [("input.truncated", "error")]
    assert account.dropped == {"record.truncated": 1}


def test_lines_keep_what_is_whole(otlp, read_bytes):
    lines = [json.dumps(otlp.export(one)) for one in otlp.rag_run()]
    lines.insert(1, '"a string"')
    lines.insert(3, "17")
    data = "\n".join(lines)
    traces, notes, account = read_bytes(data[:-10])
    assert len(traces[0].spans) == 5
    places = [note.where.rpartition(":")[2] for note in notes if note.code == "record.skipped"]
    assert places == ["2", "4", "8"]
    assert account.dropped == {"record.skipped": 3}


def test_a_broken_span_does_not_cost_its_neighbours(otlp, read_bytes):
    spans = otlp.rag_run()
    traces, notes, account = read_bytes(json.dumps(otlp.export(*spans, {"name": "no ids"}, 7)))
    assert len(traces[0].spans) == 6
    assert account.dropped == {"span.skipped": 2}
    assert sum(note.code == "record.skipped" for note in notes) == 2


@pytest.mark.parametrize("value", ["2026-11-22T13:49:29", 1_790_000_000, 1_790_000_000_000])
def test_naive_and_foreign_times_are_read_and_told(otlp, read_bytes, value):
    row = json.loads(otlp.to_console([otlp.span("a")]))
    row["start_time"] = row["end_time"] = value
    (trace,), notes, _ = read_bytes(json.dumps(row))
    assert 1.78e9 < trace.spans[0].start < 1.81e9
    assert {note.code for note in notes} & {"clock.naive", "clock.unit_guessed"}


def test_documents_named_in_different_ways_are_told(otlp, read_bytes):
    kind = "openinference__span__kind"
    listed = {"retrieval.documents.0.document.id": "d1", "retrieval.documents.1.document.content": "a text"}
    spans = [otlp.span("search", **{kind: "RETRIEVER", **listed})]
    (trace,), notes, _ = read_bytes(json.dumps(otlp.export(*spans)))
    assert [hit.id_basis for hit in trace.spans[0].body.hits] == ["native", "content"]
    assert trace.spans[0].body.hits[1].doc.startswith("sha256:")
    assert [note.code for note in notes] == ["id.mixed_basis"]


def test_ids_are_found_in_the_output_by_text_else_in_metadata(otlp, read_bytes):
    kind = "openinference__span__kind"
    output = {"documents": [{"id": "o1", "page_content": "one  text"}]}
    listed = {
        "retrieval.documents.0.document.content": "one text",
        "retrieval.documents.1.document.metadata": {"doc_id": "m1", "distance": 0.25},
        "retrieval.documents.2.document.metadata": {"source": "a.md", "chunk": 4},
        "retrieval.documents.10.document.id": "last",
    }
    span = otlp.span("search", **{kind: "RETRIEVER", "output.value": output, **listed})
    (trace,), _, _ = read_bytes(json.dumps(otlp.export(span)))
    hits = trace.spans[0].body.hits
    assert [(hit.doc, hit.id_basis, hit.rank) for hit in hits] == [
        ("o1", "output", 1),
        ("m1", "metadata", 2),
        ("a.md#4", "metadata", 3),
        ("last", "native", 4),
    ]
    assert (hits[1].score, hits[1].score_kind, hits[2].chunk) == (0.25, "distance", "4")


def test_a_call_is_linked_by_id_else_by_arguments_else_by_order_and_never_across_turns(otlp, read_bytes):
    kind = "openinference__span__kind"

    def asks(name, at, turn, *calls):
        made = {f"llm.input_messages.{n}.message.role": "user" for n in range(turn)}
        for n, (id_, arguments) in enumerate(calls):
            prefix = f"llm.output_messages.0.message.tool_calls.{n}.tool_call"
            made |= {f"{prefix}.id": id_, f"{prefix}.function.name": "f", f"{prefix}.function.arguments": arguments}
        return otlp.span(name, "root", at=at, **{kind: "LLM", **made})

    def ran(name, at, given, **fields):
        return otlp.span(name, "root", at=at, **{kind: "TOOL", "tool.name": "f", "input.value": given, **fields})

    spans = [
        otlp.span("root", at=0, end=99),
        asks("ask", 1, 1, ("a", '{"x": 1}'), ("b", '{"x": 2}'), ("c", '{"x": "z"}'), ("d", '{"x": 9, "y": 9}')),
        ran("by-arguments", 2, '{"x": 2}'),
        ran("by-value", 3, "z"),
        ran("by-id", 4, "{}", **{"tool_call.id": "a"}),
        ran("by-order", 5, "something else"),
        ran("too-many", 6, '{"x": 2}'),
        asks("next turn", 7, 2),
        ran("late", 8, '{"x": 2}'),
    ]
    (trace,), notes, _ = read_bytes(json.dumps(otlp.export(*spans)))
    named = by_name(trace)
    links = {name: (named[name].body.call_id, named[name].body.link.value) for name in named if name.startswith("by")}
    assert links == {
        "by-arguments": ("b", "inferred"),
        "by-value": ("c", "inferred"),
        "by-id": ("a", "observed"),
        "by-order": ("d", "inferred"),
    }
    assert {named[name].body.requested_by for name in links} == {named["ask"].id}
    assert {named[name].body.requested_by for name in ("too-many", "late")} == {None}
    assert [note.code for note in notes].count("link.inferred") == 3
    assert [note.code for note in notes].count("link.missing") == 2


def test_a_thousand_orphans_and_a_deep_chain_are_read_in_linear_time_and_order(otlp, read_bytes):
    ids = [f"{n:016x}" for n in range(1, 3001)]
    spans = [otlp.span(f"s{n}", id=id_, at=n / 1000, end=9) for n, id_ in enumerate(ids)]
    for span, parent in zip(spans[1:2000], ids, strict=False):
        span["parentSpanId"] = parent
    for span in spans[2000:]:
        span["parentSpanId"] = "ee" * 8
    (trace,), notes, account = read_bytes(json.dumps(otlp.export(*spans)))
    assert [span.name for span in trace.spans][:3] == ["s0", "s1", "s2"]
    assert account.kept["span"] == 3000
    assert "1000 spans moved up" in next(note.text for note in notes if note.code == "tree.missing_parent")


def test_a_request_of_an_earlier_turn_is_not_answered_in_a_later_one(otlp, read_bytes):
    kind, asked = "openinference__span__kind", "llm.output_messages.0.message.tool_calls.0.tool_call"
    spans = [
        otlp.span("root", at=0, end=99),
        otlp.span("ask", "root", at=1, **{kind: "LLM", "llm.input_messages.0.message.role": "user",
                                          f"{asked}.id": "a", f"{asked}.function.name": "f",
                                          f"{asked}.function.arguments": '{"x": 1}'}),
        otlp.span("next", "root", at=2, **{kind: "LLM", "llm.input_messages.0.message.role": "user",
                                           "llm.input_messages.1.message.role": "user"}),
        otlp.span("late", "root", at=3, **{kind: "TOOL", "tool.name": "f", "input.value": '{"x": 1}'}),
    ]  # fmt: skip
    (trace,), _, _ = read_bytes(json.dumps(otlp.export(*spans)))
    assert by_name(trace)["late"].body.requested_by is None


def test_a_handled_exception_is_no_error_where_the_status_says_ok(otlp, read_bytes):
    raised = [{"name": "exception", "attributes": [{"key": "exception.type", "value": {"stringValue": "E"}}]}]
    ended_well = otlp.span("fine", "root", at=1, status={"code": 1}, events=raised)
    unsaid = otlp.span("unsaid", "root", at=2, events=raised)
    (trace,), _, _ = read_bytes(json.dumps(otlp.export(otlp.span("root", end=9), ended_well, unsaid)))
    named = by_name(trace)
    assert named["fine"].error is None
    assert named["unsaid"].error.type == "E"


def test_documents_right_after_one_another_are_all_read_and_a_cut_one_is_told(otlp, read_bytes):
    rows = otlp.to_console(otlp.rag_run(), indent=2).decode().replace("}\n{", "}{")
    (trace,), _, account = read_bytes(rows)
    assert (len(trace.spans), account.records) == (6, 6)
    (trace,), notes, account = read_bytes(rows[:-20])
    assert len(trace.spans) == 5
    assert account.dropped == {"record.skipped": 1}
    assert "record.skipped" in {note.code for note in notes}
