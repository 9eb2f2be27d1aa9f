"""Where facts stand, what came from nowhere, and what asking again came to: counted, merged, with intervals."""

import pickle

import pytest

from traceeval.graph.views import AnswerView
from traceeval.measures.interval import wilson
from traceeval.model import Passage, Reference, Replay, Replays
from traceeval.run._answering import Answering

NILE = "The Nile is 6650 km long."
FILLER = "Bananas are yellow. Apples are green or red. Plums are blue."
PLACES = {"first": (NILE, FILLER, FILLER), "middle": (FILLER, NILE, FILLER), "last": (FILLER, FILLER, NILE)}


def view(answer, *texts, trace="t", **fields):
    passages = tuple(Passage(id=f"d{n}", text=text) for n, text in enumerate(texts, 1))
    reference = Reference(answer=("6650 km",))
    question = "How long is the Nile?"
    return AnswerView(
        trace=trace, span="m", question=question, answer=answer, passages=passages, reference=reference, **fields
    )


def counted(*views):
    made = Answering()
    for one in views:
        made.add(one)
    return made


def test_use_is_told_by_the_third_a_fact_stands_in():
    used = {"first": 3, "middle": 1, "last": 2}
    views = [
        view(NILE if n < used[third] else "Rivers are long.", *texts, trace=f"{third}{n}")
        for third, texts in PLACES.items()
        for n in range(4)
    ]
    rows = {row.third: row for row in counted(*views).positions().rows}
    assert {third: row.used.value for third, row in rows.items()} == {"first": 0.75, "middle": 0.25, "last": 0.5}
    assert all((row.used.n, row.traces) == (4, 4) for row in rows.values())
    assert all(row.used.low < row.used.value < row.used.high for row in rows.values())


def test_a_third_without_facts_has_no_share():
    rows = counted(view(NILE, *PLACES["first"])).positions().rows
    assert [row.used.value for row in rows] == [1.0, None, None]


def test_facts_without_a_place_of_their_own_are_left_out_and_counted():
    made = counted(view(NILE, *PLACES["first"]), view(NILE, NILE, FILLER, NILE), view(NILE, NILE))
    assert made.positions().left_out == {"several": 1, "short": 1}
    assert counted(view(NILE, NILE)).positions() is None


def test_fallback_is_a_share_of_the_answers_that_state_a_right_fact():
    made = counted(
        view(NILE, trace="none"),
        view(NILE, FILLER, trace="beside"),
        view(NILE, "The Nile is 6000 km long.", trace="against"),
        view(NILE, NILE, trace="read"),
        view("I do not know.", NILE, trace="declined"),
    )
    rows = {row.kind: row for row in made.fallback()}
    assert {kind: (row.facts, row.traces, row.examples) for kind, row in rows.items()} == {
        "no_context": (1, 1, ("none",)),
        "irrelevant_context": (1, 1, ("beside",)),
        "contradicting_context": (1, 1, ("against",)),
    }
    assert all((row.share.low, row.share.high) == wilson(1, 4) and row.share.n == 4 for row in rows.values())


def test_nothing_rests_on_an_answer_that_was_cut():
    made = counted(view(NILE, *PLACES["first"], complete=False, gap="messages.0"), view(None, NILE))
    assert (made.positions(), made.fallback()) == (None, ())


def replayed(trace, closed, *chunks):
    made = (Replay(status=one, dropped=(f"d{n}",)) for n, one in enumerate(chunks))
    return view(NILE, NILE, trace=trace, replays=Replays(trace=trace, closed=Replay(status=closed), chunks=tuple(made)))


def test_what_failed_or_was_not_asked_counts_for_nothing():
    made = counted(
        replayed("a", "unchanged"),
        replayed("b", "changed", "unchanged", "changed", "failed"),
        replayed("c", "changed", "skipped"),
        replayed("d", "failed"),
    )
    totals = made.replays()
    assert (totals.calls, totals.failed, totals.skipped) == (7, 2, 1)
    assert (totals.from_memory.value, totals.from_memory.n) == (pytest.approx(1 / 3), 3)
    assert (totals.unused.value, totals.unused.n) == (0.5, 2)
    assert totals.examples == ("a",)
    assert counted(view(NILE, NILE)).replays() is None


def test_counts_of_two_workers_add_up():
    views = [view(NILE, *texts, trace=third) for third, texts in PLACES.items()]
    views += [view(NILE, trace="none"), replayed("a", "unchanged"), replayed("b", "changed", "unchanged")]
    whole, parts = counted(*views), counted(*views[:3])
    parts.merge(pickle.loads(pickle.dumps(counted(*views[3:]))))
    assert (parts.positions(), parts.fallback(), parts.replays()) == (
        whole.positions(), whole.fallback(), whole.replays()
    )  # fmt: skip
