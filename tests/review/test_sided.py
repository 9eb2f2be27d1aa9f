"""Preferences of settled pairs, read back person by person, an audience at a time."""

import msgspec
import pytest

from traceeval.compare import compare_preferences
from traceeval.errors import NotFound
from traceeval.model import System, trace_hash
from traceeval.review import Submission, claim, labels, preferences, submit
from traceeval.review.pairs import pair
from traceeval.review.steps import save_alone
from traceeval.testing import model, trace, user

CRITERIA = ("groundedness", "tool_use", "trajectory", "safety", "accuracy")
WHY = "the left one says where it knows it from"


def response(system, text):
    made = trace(user("which?"), model(text, id="answer"), id=f"r{text}", answer=text)
    made = msgspec.structs.replace(made, system=System(app=system, model="gpt-4o"))
    return trace_hash(made), msgspec.json.encode(made)


@pytest.fixture
def ask(store, kit):
    """A queue that shows an audience one pair of systems, in a mode."""

    def make(audience, mode="pairwise"):
        kit.queue(store, audience, mode=mode, k=2, recheck_share=0.0, audience=audience)
        made = pair(response("x", "one"), response("y", "two, and longer"))
        unit = kit.unit(1, sha256=made.sha256, payload=made.first, second=made.second, k=2)
        kit.fill(store, unit, queue=audience, frame=audience[0] * 64)

    return make


def prefers(store, audience, who, text):
    """Prefer the output that begins with a text, wherever it stands."""
    lease = claim(store, audience, who)
    side = "a" if lease.shown.trace.answer.startswith(text) else "b"
    said = Submission(marks={}, rationale=WHY, preference=side)
    return submit(store, lease.slot, who, lease.fence, said, f"{who}/{lease.slot}")


def likes(rows):
    """The systems preferred, person by person."""
    return [(row.audience, {"a": row.a, "b": row.b}[row.preference].system) for row in rows]


def test_a_preference_is_not_told_while_its_item_is_open(store, ask):
    ask("experts")
    prefers(store, "experts", "ana", "one")
    assert list(preferences(store, ["experts"])) == []


def test_a_preference_is_told_with_its_systems_and_without_a_name(store, ask):
    ask("experts")
    for who in ("ana", "ben"):
        prefers(store, "experts", who, "one")
    rows = list(preferences(store, ["experts"]))
    assert likes(rows) == [("experts", "x gpt-4o")] * 2
    assert len({row.reviewer for row in rows}) == 2
    assert not any(name in row.reviewer for row in rows for name in ("ana", "ben"))
    assert {(side.family, side.length) for row in rows for side in (row.a, row.b)} == {("gpt", 3), ("gpt", 15)}


def test_two_people_see_a_pair_from_two_sides_and_each_side_is_told(store, ask):
    ask("experts")
    for who in ("ana", "ben"):
        prefers(store, "experts", who, "one")
    assert sorted(row.first for row in preferences(store, ["experts"])) == ["a", "b"]


def test_two_audiences_on_one_pair_are_told_apart_and_never_settled_into_one(store, ask):
    ask("experts")
    ask("users")
    for audience, people, text in (("experts", ("ana", "ben"), "one"), ("users", ("cyd", "dan"), "two")):
        for who in people:
            assert prefers(store, audience, who, text).state in ("in_review", "resolved")
    rows = list(preferences(store, ["experts", "users"]))
    assert likes(rows) == [("experts", "x gpt-4o")] * 2 + [("users", "y gpt-4o")] * 2
    report = compare_preferences(rows)
    assert report.subjects == 1
    assert {one.audience: one.share.value for one in report.shares} == {"experts": 1.0, "users": 0.0}


def test_marks_given_alone_say_why(store, ask):
    ask("experts", mode="protocol")
    for who in ("ana", "ben"):
        for side in ("a", "b"):
            lease = claim(store, "experts", who)
            mark = 5 if lease.shown.trace.answer == "one" else 4
            said = Submission(marks=dict.fromkeys(CRITERIA, mark), rationale="")
            save_alone(store, lease.slot, who, lease.fence, side, said)
        prefers(store, "experts", who, "one")
    shares = {one.criterion: one for one in compare_preferences(preferences(store, ["experts"])).shares}
    assert set(shares) == {"", *CRITERIA}
    assert shares["safety"].system == "x gpt-4o"
    assert shares["safety"].share.value == shares["safety"].follows.value == 1.0


def test_a_decision_on_a_pair_is_a_row_a_judge_is_measured_on(store, ask):
    ask("experts", mode="protocol")
    for who in ("ana", "ben"):
        for side in ("a", "b"):
            lease = claim(store, "experts", who)
            low = lease.shown.trace.answer != "one"
            marks = dict.fromkeys(CRITERIA, 5) | ({"trajectory": 2} if low else {})
            why = {"reasons": {"trajectory": "it goes in circles"}, "evidence": ("answer",)} if low else {}
            save_alone(store, lease.slot, who, lease.fence, side, Submission(marks=marks, rationale="", **why))
        prefers(store, "experts", who, "one")
    (row,) = labels(store, "experts")
    better = {"a": 0, "b": 1}[row.preference]
    assert row.authors[better].system == "x gpt-4o"
    assert (row.sound[better], row.sound[1 - better]) == (True, False)
    assert row.criterion == ""


def test_single_traces_have_no_preference_to_tell(store, kit):
    kit.fill(store, kit.unit(1))
    for who in ("ana", "ben"):
        kit.give(store, who)
    assert list(preferences(store, ["default"])) == []


def test_a_queue_nobody_made_is_said(store):
    with pytest.raises(NotFound):
        preferences(store, ["nothing"])
