"""What two systems said is paired by what they were asked; of what is not drawn, no text is held."""

import tracemalloc

import msgspec
import pytest
from sqlalchemy import func, select

from traceeval.errors import InputError, Refused
from traceeval.review import claim, schema
from traceeval.review.pairing import enqueue_pairs
from traceeval.testing import model, trace, user


@pytest.fixture
def url(tmp_path, blank):
    """Pairing is the same on both engines; the queue's own tests run on both."""
    (tmp_path / "review.db").write_bytes(blank)
    return f"sqlite:///{tmp_path / 'review.db'}"


@pytest.fixture
def queued(store, kit):
    kit.queue(store, "pairs", mode="pairwise", overlap=0.0)
    return store


def said(system, numbers, size=0):
    """Traces of one system, made anew each time they are read, each answer of ``size`` characters and more."""
    for n in numbers:
        answer = f"{system} says {n}" + "x" * size
        made = trace(user(f"question {n}"), model(answer), id=f"{system}{n}", question=f"question {n}", answer=answer)
        yield msgspec.structs.replace(made, metadata={"by": f"{system}-author"})


def test_a_pair_holds_what_each_system_said_to_the_same_question(queued):
    found = enqueue_pairs(queued, "pairs", lambda: said("P", range(4)), lambda: said("Q", [3, 1, 7]))
    assert (found.frame, found.drawn, found.added, found.single) == (2, 2, 2, 3)
    shown = claim(queued, "pairs", "ana").shown
    assert {shown.trace.answer[0], shown.other.answer[0]} == {"P", "Q"}
    assert shown.trace.question == shown.other.question


def test_a_larger_budget_only_adds(queued):
    both = (lambda: said("P", range(40)), lambda: said("Q", range(40)))
    few = enqueue_pairs(queued, "pairs", *both, budget=5)
    more = enqueue_pairs(queued, "pairs", *both, budget=20)
    assert few.drawn == few.added < more.drawn
    assert more.added == more.drawn - few.drawn
    with queued.read() as connection:
        assert connection.execute(select(func.count()).select_from(schema.subject)).scalar() == more.drawn


def test_of_a_pair_that_is_not_drawn_no_text_is_held(queued):
    """40 pairs of 200,000 characters and more a side are 16 MB; two or so of them are drawn."""
    tracemalloc.start()
    try:
        found = enqueue_pairs(
            queued, "pairs", lambda: said("P", range(40), 200_000), lambda: said("Q", range(40), 200_000), budget=2
        )
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (found.frame, 0 < found.drawn < 6) == (40, True)
    assert peak < 8_000_000


def test_files_that_change_while_they_are_read_are_said_and_nothing_is_queued(queued):
    reads = iter([said("P", range(3)), said("P", range(1))])
    with pytest.raises(InputError, match="2 traces that were drawn are gone"):
        enqueue_pairs(queued, "pairs", lambda: next(reads), lambda: said("Q", range(3)))
    with queued.read() as connection:
        assert connection.execute(select(func.count()).select_from(schema.item)).scalar() == 0


def test_nothing_to_compare_is_refused(queued):
    with pytest.raises(Refused, match="none is two different responses"):
        enqueue_pairs(queued, "pairs", lambda: said("P", range(3)), lambda: said("P", range(3)))
