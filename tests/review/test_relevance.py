"""Gold made with experts: a pool drawn with known chances, graded, and written as qrels and gold that evaluate loads."""

from collections import Counter

import msgspec
import pytest

from traceeval.errors import Refused
from traceeval.review import Submission, claim, provisional, submit
from traceeval.review.relevance import (
    Pooled,
    enqueue_pool,
    gold_rows,
    judged,
    pool,
    qrels,
    references,
    relevance_rubric,
)
from traceeval.review.rubric import require_complete

RUNS = {
    "bm25": {"q1": ["d1", "d2", "d3"], "q2": ["d4"]},
    "dense": {"q1": ["d2", "d9", "d1"]},
}
QUESTIONS = {"q1": "how do I cancel my pass?", "q2": "where is the office?"}
DOCUMENTS = {doc: f"text of {doc}" for doc in ("d1", "d2", "d3", "d4", "d9")}


def said(mark, **fields):
    low = {"reasons": {"relevance": "another subject"}, "evidence": ("document",)} if mark <= 2 else {}
    return Submission(marks={"relevance": mark}, rationale="it says what was asked for", **{**low, **fields})


@pytest.fixture
def asked(store, kit):
    kit.queue(store, "gold", rubric=relevance_rubric(), mode="relevance", k=1, recheck_share=0.0)

    def make(share=1.0, depth=10, seed="seed"):
        return enqueue_pool(
            store, "gold", pool(RUNS, depth), questions=QUESTIONS, documents=DOCUMENTS, share=share, seed=seed
        )

    return make


def work(store, who, marks, **fields):
    """Grade what comes by document."""
    while hasattr(lease := claim(store, "gold", who), "slot"):
        (hit,) = lease.shown.trace.spans[0].body.hits
        submit(store, lease.slot, who, lease.fence, said(marks[hit.doc], **fields), f"{who}/{lease.slot}")


def test_a_pool_is_the_union_of_the_first_documents_of_every_run():
    assert pool(RUNS, 2) == [
        Pooled("q1", "d1", 1, ("bm25",)),
        Pooled("q1", "d2", 1, ("bm25", "dense")),
        Pooled("q1", "d9", 2, ("dense",)),
        Pooled("q2", "d4", 1, ("bm25",)),
    ]


def test_an_expert_sees_the_question_and_one_document(store, asked):
    assert asked() == 5
    lease = claim(store, "gold", "ana")
    (hit,) = lease.shown.trace.spans[0].body.hits
    assert (lease.mode, lease.shown.trace.question in QUESTIONS.values(), hit.text) == (
        "relevance", True, DOCUMENTS[hit.doc],
    )  # fmt: skip


def test_the_same_pool_again_adds_nothing(store, asked):
    asked()
    assert asked() == 0
    assert len(judged(store, "gold")) == 5


def test_marks_become_grades_and_lines_that_evaluate_loads(store, asked):
    asked()
    work(store, "ana", {"d1": 5, "d2": 3, "d3": 1, "d4": 4, "d9": 2})
    lines = list(qrels(store, "gold"))
    assert lines == ["q1 0 d1 4", "q1 0 d2 2", "q1 0 d3 0", "q1 0 d9 1", "q2 0 d4 3"]
    rows = list(gold_rows(store, "gold", QUESTIONS))
    assert rows[0].documents == {"d1": 4, "d2": 2, "d3": 0, "d9": 1}
    assert rows[0].question == QUESTIONS["q1"]


def test_what_was_exported_is_read_back_as_gold(tmp_path, store, asked):
    from traceeval.adapters import read_gold

    asked()
    work(store, "ana", {"d1": 5, "d2": 3, "d3": 1, "d4": 4, "d9": 2}, answer="In the app.", claims=("by the 10th",))
    (tmp_path / "gold.qrels").write_text("\n".join(qrels(store, "gold")) + "\n")
    rows = gold_rows(store, "gold", QUESTIONS)
    (tmp_path / "gold.jsonl").write_bytes(b"\n".join(msgspec.json.encode(row) for row in rows))
    graded = {one.question or one.trace: one.reference for one in read_gold(tmp_path / "gold.qrels")}
    assert graded["q1"].documents == {"d1": 4, "d2": 2, "d3": 0, "d9": 1}
    written = {one.question: one.reference for one in read_gold(tmp_path / "gold.jsonl")}
    assert written[QUESTIONS["q1"]].answer == ("In the app.",)
    assert written[QUESTIONS["q1"]].claims == ("by the 10th",)


def test_what_was_not_drawn_has_its_chance_and_no_grade(store, kit, asked):
    many = [Pooled(f"q{n}", f"d{n}", 1, ("r",)) for n in range(400)]
    kit.queue(store, "many", rubric=relevance_rubric(), mode="relevance")
    texts = {f"d{n}": "text" for n in range(400)}
    questions = {f"q{n}": f"question {n}" for n in range(400)}
    added = enqueue_pool(store, "many", many, questions=questions, documents=texts, share=0.25, seed="s")
    found = judged(store, "many")
    assert 70 <= added <= 130
    assert Counter(one.drawn for one in found) == {True: added, False: 400 - added}
    assert {one.pi for one in found} == {0.25}
    assert {one.grade for one in found} == {None}


def test_two_experts_who_grade_apart_go_to_a_third_whose_grade_stands(store, kit):
    kit.queue(store, "gold", rubric=relevance_rubric(), mode="relevance", k=2, recheck_share=0.0)
    enqueue_pool(store, "gold", pool(RUNS, 1)[:1], questions=QUESTIONS, documents=DOCUMENTS, share=1.0, seed="seed")
    work(store, "ana", {"d1": 5}, answer="Yes, in the app.")
    work(store, "ben", {"d1": 2}, claims=("by the 10th",))
    lease = claim(store, "gold", "cy")
    provisional(store, lease.slot, "cy", lease.fence, said(3))
    submit(store, lease.slot, "cy", lease.fence, said(3, cause="ambiguous"), "k")
    assert [one.grade for one in judged(store, "gold")] == [2]
    assert references(store, "gold")["q1"].answers == ("Yes, in the app.",)
    assert references(store, "gold")["q1"].claims == ("by the 10th",)


@pytest.mark.parametrize(("share", "questions", "why"), [(0.0, QUESTIONS, "over 0"), (1.0, {}, "has no text")])
def test_a_chance_out_of_range_or_a_missing_text_queues_nothing(store, asked, share, questions, why):
    with pytest.raises(Refused, match=why):
        enqueue_pool(store, "gold", pool(RUNS), questions=questions, documents=DOCUMENTS, share=share, seed="s")
    assert judged(store, "gold") == []


def test_answers_are_asked_for_in_relevance_queues_only(store, kit):
    kit.fill(store, kit.unit(1))
    lease = claim(store, "default", "ana")
    with pytest.raises(Refused, match="relevance queues only"):
        submit(store, lease.slot, "ana", lease.fence, kit.said(answer="In the app."), "k")
    with pytest.raises(Refused, match="judges no relevance"):
        enqueue_pool(store, "default", pool(RUNS), questions=QUESTIONS, documents=DOCUMENTS, share=1.0, seed="s")


def test_the_rubric_of_relevance_is_whole():
    require_complete(relevance_rubric())
