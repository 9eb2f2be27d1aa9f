"""Traces on their way in: once each, the later revision, with their gold."""

import msgspec

from traceeval.model import CallSpec, Diagnostic, Gold, Imported, LossReport, Reference
from traceeval.run._source import GoldBook, Intake, merge_references
from traceeval.testing import model, trace


def taken(records, **options):
    intake = Intake(gold=GoldBook(), **options)
    return intake, list(intake.traces(records))


def test_a_copy_is_folded_and_counted():
    intake, traces = taken([trace(model("a"), id="t"), trace(model("a"), id="t"), trace(model("b"), id="u")])
    assert [t.id for t in traces] == ["t", "u"]
    assert (intake.folded, intake.revised) == (1, 0)


def test_times_do_not_make_a_revision():
    first = trace(model("a", start=1.0), id="t")
    later = trace(model("a", start=500.0), id="t")
    assert taken([first, later])[0].folded == 1


def test_a_revision_is_said_and_the_next_pass_takes_the_later_record():
    records = [trace(model("a"), id="t"), trace(model("b"), id="t"), trace(model("a"), id="t")]
    intake, _ = taken(records)
    assert intake.revised == 2
    assert intake.diagnostics["trace.revised"] == 2
    _, second = taken(records, losers=frozenset(intake.beaten))
    assert len(second) == 1
    assert second[0].spans == records[2].spans


def test_gold_is_attached_by_trace_id_before_question():
    gold = [
        Gold(trace="t", reference=Reference(answer=("by id",))),
        Gold(question="How  LONG?", reference=Reference(answer=("by question",))),
    ]
    _, traces = taken([*gold, trace(id="t", question="how long?"), trace(id="u", question="how long?")])
    assert [t.reference.answer for t in traces] == [("by id",), ("by question",)]


def test_gold_after_its_traces_is_known_once_the_survey_has_read_it():
    late = [trace(id="t"), Gold(trace="t", reference=Reference(answer=("x",)))]
    book = GoldBook()
    survey, first = Intake(gold=book), Intake(gold=book, complete=True)
    assert [t.reference for t in survey.traces(late)] == [None]
    assert next(iter(first.traces(late))).reference.answer == ("x",)


def test_a_later_gold_row_adds_fields_and_keeps_the_others():
    old = Reference(documents={"a": 1}, calls=(CallSpec(tool="f"),), extra_calls="any")
    merged = merge_references(old, Reference(answer=("x",)))
    assert (merged.documents, merged.answer, merged.extra_calls) == ({"a": 1}, ("x",), "any")


def test_gold_nobody_asked_for_is_named():
    intake, _ = taken([Gold(trace="lost", reference=Reference(answer=("x",))), trace(id="t")])
    assert intake.gold.unused() == ("lost",)


def test_everything_that_is_no_trace_is_counted():
    loss = LossReport(format="native", uri="f", records=1, kept={"record": 1})
    error = Diagnostic(code="input.truncated", level="error", text="cut")
    intake, traces = taken([Imported(name="quality", value=1.0), error, loss])
    assert traces == []
    assert intake.imported["quality"] == 1
    assert intake.unreadable == 1
    assert intake.files()[0].kept == {"record": 1}


def test_a_trace_without_gold_keeps_the_reference_it_brought():
    own = msgspec.structs.replace(trace(id="t"), reference=Reference(answer=("own",)))
    assert taken([own])[1][0].reference.answer == ("own",)
