"""What two systems said is paired by what they were asked; of what is not drawn, no text is held."""

import tracemalloc

import msgspec
import pytest
from sqlalchemy import func, select

from traceeval.errors import InputError, Refused
from traceeval.model import trace_hash
from traceeval.review import Lease, claim, schema
from traceeval.review.abilities import opt_out, set_abilities
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


def warned(system, category):
    return lambda: [msgspec.structs.replace(one, metadata={"harm": category}) for one in said(system, [1])]


def stated(key):
    return lambda trace: tuple(filter(None, [trace.metadata.get(key)]))


def test_a_pair_carries_the_warnings_of_both_responses(queued):
    enqueue_pairs(queued, "pairs", warned("P", "gore"), warned("Q", "violence"), warnings=stated("harm"))
    for who, category in (("ana", "gore"), ("ben", "violence")):
        opt_out(queued, who, [category])
        assert not isinstance(claim(queued, "pairs", who), Lease)
    assert claim(queued, "pairs", "cy").warnings == ("gore", "violence")


def test_what_is_known_of_a_response_from_another_queue_holds_for_its_pairs(queued, kit):
    (one,) = warned("P", "gore")()
    kit.fill(queued, kit.unit(1, sha256=trace_hash(one), warnings=("gore",), authors=("ben",)))
    enqueue_pairs(queued, "pairs", lambda: [one], warned("Q", None))
    opt_out(queued, "ana", ["gore"])
    for who in ("ana", "ben"):
        assert not isinstance(claim(queued, "pairs", who), Lease)
    assert claim(queued, "pairs", "cy").warnings == ("gore",)


def test_the_speciality_of_either_response_is_asked_for(queued):
    enqueue_pairs(queued, "pairs", warned("P", None), warned("Q", "law"), tag=lambda trace: trace.metadata["harm"])
    set_abilities(queued, "ben", "system", langs=(), tags=("law",))
    assert not isinstance(claim(queued, "pairs", "ana"), Lease)
    assert isinstance(claim(queued, "pairs", "ben"), Lease)


def test_who_marked_a_response_alone_is_another_than_who_compares_it(queued, kit):
    (one,) = said("P", [1])
    kit.fill(queued, kit.unit(1, k=2, sha256=trace_hash(one)))
    enqueue_pairs(queued, "pairs", lambda: [one], lambda: said("Q", [1]))
    assert isinstance(claim(queued, "default", "ana"), Lease)
    assert not isinstance(claim(queued, "pairs", "ana"), Lease)
    assert isinstance(claim(queued, "pairs", "ben"), Lease)


def test_who_marked_a_response_alone_may_still_work_a_protocol_that_asks_for_both(store, kit):
    (one,) = said("P", [1])
    kit.fill(store, kit.unit(1, sha256=trace_hash(one)))
    kit.queue(store, "protocol", mode="protocol")
    enqueue_pairs(store, "protocol", lambda: [one], lambda: said("Q", [1]))
    for queue in ("default", "protocol"):
        assert isinstance(claim(store, queue, "ana"), Lease)


def spoken(system, lang):
    return lambda: [msgspec.structs.replace(one, metadata={"lang": lang}) for one in said(system, [1])]


def by_lang(store, first, second):
    both = spoken("P", first), spoken("Q", second)
    return enqueue_pairs(store, "pairs", *both, lang=lambda trace: trace.metadata["lang"])


@pytest.mark.parametrize(("first", "second"), [("en", "fa"), ("fa", "en")])
def test_responses_in_two_languages_are_compared_by_who_speaks_both(queued, first, second):
    assert by_lang(queued, first, second).mixed == 1
    for who, langs in (("ana", ("en",)), ("ben", ("fa",)), ("cy", ("en", "fa"))):
        set_abilities(queued, who, "system", langs=langs, tags=())
    assert [isinstance(claim(queued, "pairs", who), Lease) for who in ("ana", "ben", "cy")] == [False, False, True]


@pytest.mark.parametrize(("first", "second"), [("en", None), (None, "en"), ("en", "en")])
def test_a_language_that_one_response_states_is_that_of_the_pair(queued, first, second):
    assert by_lang(queued, first, second).mixed == 0
    set_abilities(queued, "ana", "system", langs=("en",), tags=())
    assert not isinstance(claim(queued, "pairs", "ben"), Lease)
    assert isinstance(claim(queued, "pairs", "ana"), Lease)


def test_a_pair_of_which_one_response_is_in_no_language_of_the_queue_stays_out(store, kit):
    kit.queue(store, "pairs", mode="pairwise", langs=["en"])
    with pytest.raises(Refused, match="no pair to compare"):
        by_lang(store, "en", "fa")
