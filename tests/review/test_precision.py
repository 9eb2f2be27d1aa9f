"""Precision from what experts judged of a pool: draws, verdicts and qrels of one queue."""

import pytest

from traceeval.adapters import read_gold
from traceeval.review import claim, submit
from traceeval.review._rows import Settings
from traceeval.review.precision import precisions
from traceeval.review.relevance import enqueue_pool, pool, qrels, relevance_rubric
from traceeval.review.settings import create_queue
from traceeval.review.submission import Submission

RUNS = {"plain": {"q1": ["a", "b", "c", "d"]}, "reranked": {"q1": ["d", "c", "e", "f"]}}
RELEVANT = {"a", "c", "d"}
ALONE = Settings(overlap=0.0, recheck_share=0.0, watch=False)


@pytest.fixture
def url(tmp_path, blank):
    """Reads are the same on both engines; the queue's own tests run on both."""
    (tmp_path / "review.db").write_bytes(blank)
    return f"sqlite:///{tmp_path / 'review.db'}"


def ask(store, share):
    create_queue(store, "pool", "lead", rubric=relevance_rubric(), mode="relevance", settings=ALONE)
    texts = {doc: f"text of document {doc}" for doc in "abcdef"}
    pooled = pool(RUNS, depth=4)
    enqueue_pool(store, "pool", pooled, questions={"q1": "who pays?"}, documents=texts, share=share, seed="s")


def grade(store, most=99):
    done = 0
    while done < most and hasattr(lease := claim(store, "pool", "expert"), "slot"):
        doc = lease.shown.trace.id.rpartition("/")[2]
        good = doc in RELEVANT
        extra = {} if good else {"reasons": {"relevance": "says nothing of it"}, "evidence": ("document",)}
        said = Submission(marks={"relevance": 5 if good else 1}, rationale="it answers it, or it does not", **extra)
        submit(store, lease.slot, "expert", lease.fence, said, str(lease.slot))
        done += 1


def test_a_pool_judged_whole_gives_precision_and_loads_as_gold(store, tmp_path):
    ask(store, 1.0)
    grade(store)
    found = precisions(store, "pool", RUNS, k=4)
    assert {name: (one.low, one.value, one.high) for name, one in found.items()} == {
        "plain": (0.75, 0.75, 0.75),
        "reranked": (0.5, 0.5, 0.5),
    }
    path = tmp_path / "judged.qrels"
    path.write_text("\n".join(qrels(store, "pool")) + "\n")
    (row,) = read_gold(path)
    assert {doc for doc, mark in row.reference.documents.items() if mark >= 1} == RELEVANT


def test_what_is_not_settled_is_made_up_for_and_nothing_judged_says_nothing(store):
    ask(store, 0.9999)
    assert precisions(store, "pool", RUNS, k=4) == {"plain": None, "reranked": None}
    grade(store, most=5)
    found = precisions(store, "pool", RUNS, k=4)
    assert sum(one.n for one in found.values()) < 8
    assert all(0 <= one.low <= one.value <= one.high <= 1 for one in found.values())
