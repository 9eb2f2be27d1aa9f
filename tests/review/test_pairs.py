"""Two responses side by side: one subject whatever their order, position cancels, and marks given alone stand."""

import importlib

import msgspec
import pytest
from sqlalchemy import select

from traceeval.errors import LeaseLost, Refused
from traceeval.model import System, trace_hash
from traceeval.review import Submission, claim, provisional, schema, show, submit, verify, void
from traceeval.review.pairs import blinded, inconsistent, names_itself, next_order, orders, pair, unswapped
from traceeval.review.steps import save_alone
from traceeval.testing import model, trace, user

WHY = "the left one says where it knows it from"


def response(number, text, **fields):
    return trace(user(f"question {number}"), model(text, id="answer"), id=f"r{text}", answer=text, **fields)


def packed(sample):
    return trace_hash(sample), msgspec.json.encode(sample)


@pytest.fixture
def pairs(store, kit):
    """A queue of n pairs in a mode; k people each."""

    def make(n=1, mode="pairwise", k=2, **rules):
        kit.queue(store, "pairs", mode=mode, k=k, recheck_share=0.0, **rules)
        units = []
        for number in range(n):
            made = pair(packed(response(number, f"one {number}")), packed(response(number, f"two {number}")))
            units.append(kit.unit(number, sha256=made.sha256, payload=made.first, second=made.second, k=k))
        return kit.fill(store, *units, queue="pairs", frame=f"{n:064d}")

    return make


def prefer(side, **fields):
    return Submission(marks={}, rationale=WHY, preference=side, **fields)


def prefers(store, who, side, **fields):
    """Prefer a response by its text, wherever it stands."""
    lease = claim(store, "pairs", who)
    shown = {"one": "a", "two": "b"} if lease.shown.trace.answer.startswith("one") else {"one": "b", "two": "a"}
    said = prefer(shown.get(side, side), **fields)
    return submit(store, lease.slot, who, lease.fence, said, f"{who}/{lease.slot}")


def test_a_pair_is_one_subject_whatever_its_order():
    one, two = packed(response(1, "one")), packed(response(1, "two"))
    assert pair(one, two) == pair(two, one)
    assert pair(one, two).sha256 != pair(one, packed(response(1, "three"))).sha256


def test_both_orders_of_a_pair_queued_are_one_item(store, kit, pairs):
    assert pairs() == 1
    made = pair(packed(response(0, "two 0")), packed(response(0, "one 0")))
    again = kit.unit(0, sha256=made.sha256, payload=made.first, second=made.second)
    assert kit.fill(store, again, queue="pairs", frame="b" * 64) == 0


def test_the_first_order_is_by_lot_and_the_second_its_mirror():
    """2,000 items under one seed: the first slot has the lower hash on the left in 50 +- 3 %, the second mirrors all."""
    drawn = [orders("seed", f"{number:064x}", 1, 2) for number in range(2000)]
    assert 0.47 <= sum(not first for first, _ in drawn) / 2000 <= 0.53
    assert all(second is not first for first, second in drawn)
    assert drawn == [orders("seed", f"{number:064x}", 1, 2) for number in range(2000)]


def mirrored(store, pairs, n):
    """Two people prefer the same response of n pairs, wherever each sees it; how often the first saw the lower hash left."""
    pairs(n)
    for who in ("ana", "ben"):
        for _ in range(n):
            prefers(store, who, "one")
    with store.read() as connection:
        said = connection.execute(select(schema.verdict, schema.slot.c.swapped).join(schema.slot)).all()
        texts = {row.sha256: msgspec.json.decode(_payload(row)) for row in connection.execute(select(schema.subject))}
        subjects = dict(connection.execute(select(schema.item.c.id, schema.item.c.subject_sha256)).all())
    seen = {}
    for row in said:
        first = texts[subjects[row.item_id]][0]["answer"].startswith("one")
        assert row.body["preference"] == ("a" if first else "b")
        assert row.presentation["order"] == ("ba" if row.swapped else "ab")
        seen.setdefault(row.item_id, set()).add(row.presentation["order"])
    assert len(seen) == n
    assert all(both == {"ab", "ba"} for both in seen.values())
    assert verify(store).problem is None
    with store.read() as connection:
        left = connection.execute(select(schema.slot.c.swapped).where(schema.slot.c.n == 1)).scalars().all()
    return 1 - sum(left) / len(left)


@pytest.mark.parametrize("n", [20, pytest.param(1000, marks=pytest.mark.soak)])
def test_two_reviewers_see_a_pair_mirrored_and_what_they_say_is_stored_unswapped(store, kit, pairs, figure, n):
    share = mirrored(store, pairs, n)
    assert 0.47 <= share <= 0.53 or n < 1000
    figure(
        "34 pair order",
        f"{kit.engine(store.url)}: {2 * n:,} slots: left first in {share:.1%}, all mirrored for the second, all stored unswapped",
    )


def test_preferences_stored_as_they_were_seen_are_found(store, pairs, monkeypatch):
    monkeypatch.setattr(importlib.import_module("traceeval.review.submit"), "unswapped", lambda body, swapped: body)
    with pytest.raises(AssertionError):
        mirrored(store, pairs, 4)


def _payload(row):
    import zlib

    return zlib.decompress(row.payload)


def test_the_same_preference_seen_from_two_sides_agrees(store, kit, pairs):
    pairs()
    prefers(store, "ana", "one")
    assert prefers(store, "ben", "one").state == "resolved"


def test_the_same_side_preferred_by_both_is_a_dispute(store, pairs):
    pairs()
    for who, state in (("ana", "in_review"), ("ben", "disputed")):
        lease = claim(store, "pairs", who)
        assert submit(store, lease.slot, who, lease.fence, prefer("a"), who).state == state


def test_a_verdict_set_aside_is_given_again_in_the_same_order(store, pairs):
    pairs()
    prefers(store, "ana", "one")
    with store.read() as connection:
        before = connection.execute(select(schema.slot.c.swapped).where(schema.slot.c.id == 1)).scalar_one()
    new = void(store, 1, "lead", "the wrong pair")
    with store.read() as connection:
        slot = connection.execute(select(schema.slot).where(schema.slot.c.id == new)).one()
    assert slot.swapped == before
    first, second = claim(store, "pairs", "ben"), claim(store, "pairs", "cy")
    assert {first.shown.trace.answer, second.shown.trace.answer} == {"one 0", "two 0"}


def test_the_verdict_given_in_place_of_another_names_it(store, pairs):
    pairs()
    prefers(store, "ana", "one")
    void(store, 1, "lead", "the wrong pair")
    for who in ("ben", "cy"):
        prefers(store, who, "one")
    with store.read() as connection:
        verdict, slot = schema.verdict, schema.slot
        found = select(slot.c.opened, verdict.c.replaces).join(slot, slot.c.id == verdict.c.slot_id)
        assert dict(connection.execute(found.where(slot.c.state == "submitted")).all()) == {"draw": None, "void": 1}


def test_evidence_is_cited_by_side_and_stored_by_response(store, pairs):
    pairs()
    for who in ("ana", "ben"):
        lease = claim(store, "pairs", who)
        said = prefer("a", flags=("harm_done",), reasons={"harm_done": "it says so"}, evidence=("a:answer",))
        submit(store, lease.slot, who, lease.fence, said, who)
    with store.read() as connection:
        cited = {row.body["evidence"][0] for row in connection.execute(select(schema.verdict))}
    assert cited == {"a:answer", "b:answer"}


@pytest.mark.parametrize("seed", ["a", "b"])  # one is swapped, one is not
def test_a_blind_verdict_cites_the_side_that_stands_there(store, kit, seed):
    kit.queue(store, "pairs", mode="pairwise", k=2, recheck_share=1.0, seed=seed)
    longer = trace(user("q"), model("two 0"), model("more", id="more"), id="rtwo", question="q", answer="two 0")
    made = pair(packed(response(0, "one 0")), packed(longer))
    one = kit.unit(0, sha256=made.sha256, payload=made.first, second=made.second, k=2)
    kit.fill(store, one, queue="pairs", seed=seed)
    for who in ("ana", "ben"):
        prefers(store, who, "one")
    lease = claim(store, "pairs", "cy")
    there, elsewhere = ("a", "b") if lease.shown.trace.answer == "two 0" else ("b", "a")
    with pytest.raises(Refused, match="is no span"):
        provisional(store, lease.slot, "cy", lease.fence, prefer("a", evidence=(f"{elsewhere}:more",)))
    assert provisional(store, lease.slot, "cy", lease.fence, prefer("a", evidence=(f"{there}:more",)))


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (Submission(marks={}, rationale=WHY), "which is better"),
        (Submission(marks={"safety": 5}, rationale=WHY, preference="a"), "only the preference is asked"),
        (Submission(marks={}, rationale="short", preference="a"), "rationale is required"),
        (prefer("a", preferred={"charm": "a"}), "preferred charm=a"),
        (prefer("a", revised_marks={"a:safety": 3}), "in a protocol queue"),
        (prefer("a", evidence=("answer",)), "is no span"),
    ],
)
def test_a_preference_that_lacks_something_is_refused(store, pairs, said, why):
    pairs()
    lease = claim(store, "pairs", "ana")
    with pytest.raises(Refused, match=why):
        submit(store, lease.slot, "ana", lease.fence, said, "k")


def test_preferences_by_criterion_are_turned_too(store, pairs):
    pairs()
    for who in ("ana", "ben"):
        lease = claim(store, "pairs", who)
        submit(store, lease.slot, who, lease.fence, prefer("tie", preferred={"safety": "a", "accuracy": "tie"}), who)
    with store.read() as connection:
        said = [row.body["preferred"] for row in connection.execute(select(schema.verdict))]
    assert sorted(one["safety"] for one in said) == ["a", "b"]
    assert {one["accuracy"] for one in said} == {"tie"}


def test_nothing_tells_the_system_of_a_response(store, kit):
    kit.queue(store, "pairs", mode="pairwise", k=2)
    canary = System(app="CANARY", release="CANARY", model="CANARY")
    told = [
        response(1, text, system=canary, metadata={"tenant": "CANARY"}, tags=("CANARY",)) for text in ("one", "two")
    ]
    made = pair(*[packed(one) for one in told])
    unit = kit.unit(1, sha256=made.sha256, payload=made.first, second=made.second)
    kit.fill(store, unit, queue="pairs")
    lease = claim(store, "pairs", "ana")
    assert "CANARY" not in repr(lease)
    assert lease.shown.other is not None


def test_a_response_without_its_system_keeps_what_it_says():
    sample = response(1, "one", system=System(model="gpt"))
    assert blinded(sample).answer == sample.answer
    assert blinded(sample).spans[-1].body.output == sample.spans[-1].body.output
    assert (blinded(sample).system, blinded(sample).spans[0].start) == (None, None)


def test_a_response_that_names_itself_is_flagged(store):
    samples = (response(1, "I am an AI language model and cannot"), response(1, "As requested, two"))
    assert names_itself(samples) == ["a"]


def alone(mark=5, **fields):
    criteria = ("groundedness", "tool_use", "trajectory", "safety", "accuracy")
    return Submission(marks=dict.fromkeys(criteria, mark), rationale="", **fields)


def test_a_protocol_shows_one_response_then_the_other_then_both(store, pairs):
    pairs(mode="protocol")
    lease = claim(store, "pairs", "ana")
    assert (lease.stage, lease.shown.other) == ("alone_a", None)
    left = lease.shown.trace.answer
    assert save_alone(store, lease.slot, "ana", lease.fence, "a", alone()) == "alone_b"
    again = claim(store, "pairs", "ana")
    assert (again.stage, again.shown.other) == ("alone_b", None)
    assert again.shown.trace.answer != left
    assert save_alone(store, lease.slot, "ana", lease.fence, "b", alone(4)) == "judge"
    both = claim(store, "pairs", "ana")
    assert (both.stage, both.shown.trace.answer) == ("judge", left)
    assert both.shown.other is not None


def test_the_preference_before_both_were_marked_alone_is_refused(store, pairs):
    pairs(mode="protocol")
    lease = claim(store, "pairs", "ana")
    for _ in range(2):
        with pytest.raises(Refused, match="mark each response alone first"):
            submit(store, lease.slot, "ana", lease.fence, prefer("a"), "k")
        save_alone(store, lease.slot, "ana", lease.fence, "a", alone())


def test_marks_given_alone_are_not_edited_before_or_after_the_comparison(store, pairs):
    pairs(mode="protocol")
    lease = claim(store, "pairs", "ana")
    save_alone(store, lease.slot, "ana", lease.fence, "a", alone(4))
    assert save_alone(store, lease.slot, "ana", lease.fence, "a", alone(4)) == "alone_b"
    save_alone(store, lease.slot, "ana", lease.fence, "b", alone(4))
    with pytest.raises(Refused, match="marks of this response stand"):
        save_alone(store, lease.slot, "ana", lease.fence, "a", alone(5))
    said = prefer("a", revised_marks={"a:safety": 3})
    submit(store, lease.slot, "ana", lease.fence, said, "k")
    with pytest.raises(LeaseLost):
        save_alone(store, lease.slot, "ana", lease.fence, "a", alone(5))
    with store.read() as connection:
        body = connection.execute(select(schema.verdict.c.body)).scalar_one()
    assert set(body["marks"].values()) == {4}
    assert list(body["revised_marks"].values()) == [3]


def through(store, who, left, right, preference, **fields):
    lease = claim(store, "pairs", who)
    sides = {"one": left, "two": right}
    save_alone(store, lease.slot, who, lease.fence, "a", alone(sides[lease.shown.trace.answer[:3]]))
    other = claim(store, "pairs", who)
    save_alone(store, lease.slot, who, lease.fence, "b", alone(sides[other.shown.trace.answer[:3]]))
    shown = {"one": "a", "two": "b"} if lease.shown.trace.answer.startswith("one") else {"one": "b", "two": "a"}
    said = prefer(shown.get(preference, preference), **fields)
    if lease.kind == "adjudicate":
        told = provisional(store, lease.slot, who, lease.fence, said)
        return told, submit(store, lease.slot, who, lease.fence, prefer(said.preference, cause="ambiguous"), who)
    return submit(store, lease.slot, who, lease.fence, said, f"{who}/{lease.slot}")


def test_two_through_the_protocol_agree_on_marks_and_preference(store, pairs):
    pairs(mode="protocol")
    through(store, "ana", 5, 4, "one")
    assert through(store, "ben", 5, 4, "one").state == "resolved"
    with store.read() as connection:
        decision = connection.execute(select(schema.decision)).one()
        labels = {row.criterion: row.value for row in connection.execute(select(schema.label))}
    better = decision.preference
    assert decision.marks[f"{better}:safety"] == 5
    assert labels["preference"] == {"a": 1.0, "b": 0.0}[better]
    assert verify(store).problem is None


def test_a_preference_against_ones_own_marks_is_counted_and_goes_to_a_third_person(store, pairs):
    pairs(mode="protocol")
    through(store, "ana", 4, 5, "one")
    assert through(store, "ben", 4, 5, "one").state == "disputed"
    with store.read() as connection:
        assert all(row.body["inconsistent"] for row in connection.execute(select(schema.verdict)))
    told, receipt = through(store, "cy", 5, 4, "one")
    assert receipt.state == "resolved"
    assert len(told) == 2


def test_an_adjudicator_of_a_pair_reads_the_others_from_their_own_side(store, pairs):
    pairs(mode="protocol")
    through(store, "ana", 5, 3, "one")
    through(store, "ben", 3, 5, "two")
    lease = claim(store, "pairs", "cy")
    told, _ = through(store, "cy", 5, 3, "one")
    marked = {said["preference"]: said["marks"] for said in told}
    assert {marks[f"{side}:safety"] for side, marks in marked.items()} == {5}
    assert show(store, lease.item, "cy").decision["method"] == "adjudicated"


@pytest.mark.parametrize(
    ("a", "b", "preference", "against"),
    [(5, 4, "a", False), (4, 5, "a", True), (4, 5, "b", False), (3, 5, "tie", False), (2, 5, "both_bad", False)],
)
def test_inconsistent_is_a_side_that_ones_marks_put_two_behind(a, b, preference, against):
    marks = {"a:safety": a, "b:safety": b, "a:accuracy": a, "b:accuracy": b}
    assert inconsistent(marks, preference) == against
    assert not inconsistent({"a:safety": 4, "b:safety": 5}, "a")


def test_unswapping_twice_is_what_was_said():
    body = {
        "marks": {"a:safety": 5, "b:safety": 2}, "absent": {"a:tone": "cannot_judge"}, "evidence": ["a:s1"], "blame": ["b:s2"],
        "unsure": ["a:safety"], "preference": "a", "preferred": {"safety": "b", "tone": "tie"}, "flags": [],
    }  # fmt: skip
    turned = unswapped(body, True)
    assert turned["preference"] == "b"
    assert turned["marks"] == {"b:safety": 5, "a:safety": 2}
    assert turned["evidence"] == ["b:s1"]
    assert unswapped(turned, True) == body
    assert unswapped(body, False) is body


def test_a_slot_that_is_added_shows_what_was_seen_less(store, pairs):
    pairs(k=1)
    with store.read() as connection:
        item = connection.execute(select(schema.item)).one()
        seen = connection.execute(select(schema.slot.c.swapped)).scalar_one()
        assert next_order(connection, item, "quiet", "review") is not seen


UNMARKED = {"marks": {}, "absent": {}, "unsure": [], "flags": [], "evidence": [], "escalate": False}


@pytest.mark.parametrize(
    ("room", "guard", "broken", "check"),
    [
        ("submit", "marked_alone", lambda *args: UNMARKED, test_the_preference_before_both_were_marked_alone_is_refused),
        ("steps", "same_step", lambda *args, **how: True, test_marks_given_alone_are_not_edited_before_or_after_the_comparison),
        ("queue", "stage_of", lambda *args: "judge", test_a_protocol_shows_one_response_then_the_other_then_both),
    ],
    ids=["comparison before marks", "marks edited", "both shown at once"],
)  # fmt: skip
def test_a_protocol_out_of_order_is_found(store, pairs, monkeypatch, room, guard, broken, check):
    monkeypatch.setattr(importlib.import_module(f"traceeval.review.{room}"), guard, broken)
    with pytest.raises((AssertionError, pytest.fail.Exception)):
        check(store, pairs)
