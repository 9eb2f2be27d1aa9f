"""Asking again without some of the context: what is confirmed, what it costs, and what a broken replayer costs."""

import json

import pytest
from tests.diagnose._planted import KINDS

import traceeval
from traceeval.graph import TraceGraph, build_views
from traceeval.judge import Ask
from traceeval.judge.checkers.lexical import LexicalChecker
from traceeval.model import Reference
from traceeval.run._replay import Again
from traceeval.testing import model, retrieval, trace

FEE, SEAT, NOISE = "The fee is 12 euros.", "Seats can be booked two days ahead.", "The depot was painted in May."
ANSWER = f"{FEE} {SEAT}"
RECALLED = [case for kind in ("parametric", "irrelevant_context", "contradicting_context") for case in KINDS[kind]]


def view(*texts, answer=ANSWER, question="What is the fee, and when can seats be booked?", gold=None):
    chunks = [(f"d{n}", text) for n, text in enumerate(texts, 1)]
    prompt = [("system", "\n".join(text for _, text in chunks) or "Answer."), ("user", question or "")]
    spans = (retrieval(*chunks), model(answer, prompt=prompt))
    reference = Reference(answer=gold) if gold else None
    return build_views(TraceGraph(trace(*spans, question=question, answer=answer, reference=reference))).answer


def by_heart(question, passages):
    """Knows everything, whatever it is given."""
    return ANSWER


def only_reads(question, passages):
    """Says what it is given and nothing else."""
    return " ".join(passage.text for passage in passages) or "I do not know."


def again(replayer, found, most=10):
    asking = Again(replayer, most)
    checked = LexicalChecker().check(Ask.supports(found.answer, found.passages, found.question))
    return asking.ask(found, checked), asking


def test_an_answer_that_stays_the_same_without_context_comes_from_memory():
    replays, asking = again(by_heart, view(FEE, SEAT, NOISE))
    assert (replays.closed.status, replays.chunks, asking.calls) == ("unchanged", (), 1)
    assert replays.unused == ("d1", "d2")


def test_where_the_context_is_needed_each_chunk_the_answer_rests_on_is_left_out_in_turn():
    replays, asking = again(only_reads, view(FEE, SEAT, NOISE))
    assert replays.closed.status == "changed"
    assert [(one.dropped, one.status) for one in replays.chunks] == [(("d1",), "changed"), (("d2",), "changed")]
    assert (replays.unused, asking.calls) == ((), 3)


def test_a_chunk_without_which_the_answer_stays_is_unused():
    def has_the_fee_elsewhere(question, passages):
        return ANSWER if any(passage.text == SEAT for passage in passages) else "I do not know."

    replays, _ = again(has_the_fee_elsewhere, view(FEE, SEAT, NOISE))
    assert [(one.dropped, one.status) for one in replays.chunks] == [(("d1",), "unchanged"), (("d2",), "changed")]
    assert replays.unused == ("d1",)


def test_the_same_question_with_the_same_passages_is_asked_once():
    asking = Again(only_reads)
    for _ in range(3):
        asking.ask(view(FEE, SEAT), None)
    assert asking.calls == 1


def test_the_budget_stops_asking_and_is_told():
    replays, asking = again(only_reads, view(FEE, SEAT, NOISE), most=2)
    assert [one.status for one in (replays.closed, *replays.chunks)] == ["changed", "changed", "skipped"]
    assert replays.chunks[-1].why.startswith("budget: 2 replays are spent")
    assert asking.calls == 2


def raises(question, passages):
    raise TimeoutError("too slow")


def says_no_text(question, passages):
    return {"answer": ANSWER}


@pytest.mark.parametrize(
    ("replayer", "why"),
    [(raises, "replayer_failed: TimeoutError: too slow"), (says_no_text, "no_text: the replayer returned dict")],
)
def test_a_broken_replayer_costs_its_replays_and_confirms_nothing(replayer, why):
    replays, _ = again(replayer, view(FEE, SEAT, NOISE))
    assert replays.closed.status == "failed"
    assert replays.closed.why.startswith(why)
    assert replays.unused == ()


@pytest.mark.parametrize("found", [view(FEE, question=None), view(FEE, answer="I do not know.")])
def test_without_a_question_or_with_a_refusal_nothing_is_asked_again(found):
    replays, asking = again(by_heart, found)
    assert (replays, asking.calls) == (None, 0)


def test_without_context_there_is_nothing_to_take_away():
    replays, asking = again(by_heart, view())
    assert (replays.closed, asking.calls) == (None, 0)


def run_of(cases, replayer):
    traces = [case.planted() for case in cases] + [case.twin() for case in cases]
    return traceeval.evaluate(traces, replayer=replayer)


def masked_basis(run):
    return {f.subject.trace: f.basis.value for f in run.findings if f.code == "retriever.masked_failure"}


def test_a_generator_that_knows_it_by_heart_is_confirmed_and_one_that_reads_is_not():
    with_context = [case for case in RECALLED if case.given]
    told = {case.question: case.answer for case in with_context}
    confirmed = run_of(with_context, lambda question, passages: told[question])
    assert masked_basis(confirmed) == {case.id: "counterfactual" for case in with_context}
    rows = {row.kind: (row.facts, row.confirmed) for row in confirmed.summary().fallback}
    assert rows["irrelevant_context"][0] == rows["irrelevant_context"][1] == 6
    assert rows["contradicting_context"][0] == rows["contradicting_context"][1] == 5
    read = run_of(with_context, only_reads)
    assert masked_basis(read) == {case.id: "observed" for case in with_context}
    assert {row.confirmed for row in read.summary().fallback} == {0}


def test_the_score_says_on_what_it_rests():
    (case,) = [case for case in RECALLED if case.id == "painter"]
    for replayer, basis in ((lambda *_: case.answer, "counterfactual"), (only_reads, "observed")):
        run = traceeval.evaluate([case.planted()], replayer=replayer)
        scores = run.scores
        assert list(scores[scores.scorer == "generator.fallback"].why) == [f"irrelevant_context 1: {basis}"]


def test_what_was_asked_again_is_written_and_counted(tmp_path):
    cases = [case for case in RECALLED if case.given][:4]
    run = traceeval.evaluate([case.planted() for case in cases], replayer=only_reads, max_replays=3, out=tmp_path / "o")
    totals = run.summary().replays
    assert (totals.calls, totals.failed, totals.skipped) == (3, 0, 1)
    assert (totals.from_memory.value, totals.from_memory.n) == (0.0, 3)
    lines = [json.loads(line) for line in (tmp_path / "o" / "replays.jsonl").read_text().splitlines()]
    assert [line["trace"] for line in lines] == [case.id for case in cases]
    assert lines[-1]["closed"]["status"] == "skipped"


def test_without_a_replayer_nothing_is_asked_and_an_older_file_is_gone(tmp_path):
    (case, *_) = RECALLED[5:]
    traceeval.evaluate([case.planted()], replayer=only_reads, out=tmp_path / "o")
    assert (tmp_path / "o" / "replays.jsonl").exists()
    run = traceeval.evaluate([case.planted()], out=tmp_path / "o")
    assert run.summary().replays is None
    assert not (tmp_path / "o" / "replays.jsonl").exists()
