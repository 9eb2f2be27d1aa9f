"""Calibration rounds: the same items for all, blind, then laid open; repeated on new items, and kept out of everything else."""

from dataclasses import replace

import msgspec
import pytest
from sqlalchemy import func, select

from traceeval.errors import NotFound, Refused
from traceeval.model import Anchor
from traceeval.review import Lease, claim, schema, status, submit, verify
from traceeval.review.abilities import opt_out, set_abilities
from traceeval.review.proposals import proposals, propose, resolve
from traceeval.review.rounds import add_note, open_round, reveal, revealed
from traceeval.review.rubric import save_rubric
from traceeval.review.settings import adopt
from traceeval.review.starter import core
from traceeval.review.subjects import prepare


@pytest.fixture
def subjects(kit):
    def make(count=10, first=500):
        made = [kit.unit(number) for number in range(first, first + count)]
        return [prepare(one.sha256, one.trace, one.payload) for one in made]

    return make


def judge(store, kit, who, marks, **fields):
    """Give one mark of groundedness after the other; the items, in the order they came."""
    seen = []
    for mark in marks:
        lease = claim(store, "default", who)
        low = kit.BAD if mark <= 2 else {}
        said = kit.said(mark, 5, 5, 5, 5, **{**low, **fields})
        submit(store, lease.slot, who, lease.fence, said, f"{who}/{lease.slot}")
        seen.append(lease.item)
    return seen


def test_everybody_judges_the_same_items_before_any_live_one(store, kit, subjects):
    kit.fill(store, kit.unit(1))
    open_round(store, "default", "lead", subjects())
    first, second = (judge(store, kit, who, [5] * 10) for who in ("ana", "ben"))
    assert first == second
    assert len(set(first)) == 10
    assert claim(store, "default", "ana").item == 1


def test_a_round_leaves_out_what_somebody_opted_out_of_or_cannot_judge(store, clock, kit, subjects):
    first, second, *rest = subjects()
    kit.queue(store)
    kit.fill(store, kit.unit(500, warnings=("violence",)), queue="other")
    open_round(store, "default", "lead", [first, replace(second, tag="law", warnings=("gore",)), *rest])
    lapsed = claim(store, "default", "ben")
    assert lapsed.warnings == ("violence",)
    clock.now += kit.TTL + 1
    for who in ("ana", "ben"):
        opt_out(store, who, ["violence"])
        assert len(judge(store, kit, who, [5] * 8)) == 8
        assert not isinstance(claim(store, "default", who), Lease)
    set_abilities(store, "ana", "lead", langs=(), tags=("law",))
    assert claim(store, "default", "ana").warnings == ("gore",)


def test_a_round_is_laid_open_without_names_and_only_at_its_end(store, kit, subjects):
    kit.fill(store, kit.unit(1))
    round_ = open_round(store, "default", "lead", subjects())
    judge(store, kit, "ana", [5, 4, 3, 2, 1] * 2)
    with pytest.raises(Refused, match="still on"):
        revealed(store, round_)
    with pytest.raises(Refused, match="1 people are through"):
        reveal(store, round_, "lead")
    with pytest.raises(Refused, match="follow the reveal"):
        add_note(store, round_, "ana", "what counts as a source?")
    judge(store, kit, "ben", [5, 4, 3, 2, 2] * 2, rationale="BEN thinks that it stands in the trace")
    told = reveal(store, round_, "lead")
    assert (told.n, told.people, len(told.questions), told.reached) == (1, 2, 10, True)
    assert told.questions[0].marks["groundedness"] == {5: 2}
    assert told.questions[4].marks["groundedness"] == {1: 1, 2: 1}
    assert 0.9 < told.alpha["groundedness"] < 1
    assert told.alpha["safety"] is None
    assert any("BEN thinks" in said["rationale"] for said in told.questions[0].said)
    assert "reviewer" not in repr(told)
    add_note(store, round_, "ana", "a source is a page or a tool result", criterion="groundedness")
    assert revealed(store, round_).notes[0]["note"] == "a source is a page or a tool result"
    assert verify(store).problem is None


def test_a_round_enters_no_label_no_decision_and_no_progress(store, kit, subjects):
    kit.fill(store, kit.unit(1))
    round_ = open_round(store, "default", "lead", subjects())
    for who in ("ana", "ben"):
        judge(store, kit, who, [5] * 10)
    reveal(store, round_, "lead")
    with store.read() as connection:
        for table in (schema.label, schema.decision):
            assert connection.execute(select(func.count()).select_from(table)).scalar_one() == 0
        assert set(connection.execute(select(schema.verdict.c.round)).scalars()) == {"calibration"}
    assert status(store, "default").items == {"queued": 1}


def test_rounds_repeat_on_new_items_until_the_target_or_the_third(store, kit, subjects):
    kit.fill(store, kit.unit(1))
    for n in range(3):
        round_ = open_round(store, "default", "lead", subjects(first=500 + 50 * n))
        with pytest.raises(Refused, match="is on; reveal it first"):
            open_round(store, "default", "lead", subjects(first=900))
        judge(store, kit, "ana", [5, 1] * 5)
        judge(store, kit, "ben", [1, 5] * 5)
        told = reveal(store, round_, "lead")
        assert (told.n, told.reached, told.again) == (n + 1, False, n < 2)
    with pytest.raises(Refused, match="had 3 rounds"):
        open_round(store, "default", "lead", subjects(first=900))


def test_a_round_that_reached_its_target_is_the_last(store, kit, subjects):
    kit.fill(store, kit.unit(1))
    round_ = open_round(store, "default", "lead", subjects())
    for who in ("ana", "ben"):
        judge(store, kit, who, [5, 2] * 5)
    assert reveal(store, round_, "lead").reached
    with pytest.raises(Refused, match="reached its target"):
        open_round(store, "default", "lead", subjects(first=900))


def test_items_of_the_queue_or_of_an_earlier_round_do_not_calibrate(store, kit, subjects):
    kit.fill(store, kit.unit(505))
    with pytest.raises(Refused, match="is an item of this queue already"):
        open_round(store, "default", "lead", subjects())
    with pytest.raises(Refused, match="10 to 20 different items"):
        open_round(store, "default", "lead", subjects(9))
    with pytest.raises(NotFound):
        open_round(store, "default", "lead", subjects(first=900), rubric=99)


def bettered():
    first, *rest = core().criteria
    anchors = {**first.anchors, 3: Anchor(wording="The main claims have sources; others do not.")}
    return msgspec.structs.replace(core(), version=2, criteria=(msgspec.structs.replace(first, anchors=anchors), *rest))


def test_a_proposed_wording_becomes_a_version_that_the_next_round_tries_unfrozen(store, kit, subjects):
    kit.fill(store, kit.unit(1))
    round_ = open_round(store, "default", "lead", subjects())
    judge(store, kit, "ana", [5, 1] * 5)
    judge(store, kit, "ben", [1, 5] * 5)
    reveal(store, round_, "lead")
    wording = "The main claims have sources; others do not."
    made = propose(
        store, 1, "ana", criterion="groundedness", score=3, wording=wording, why="we read 'side' differently"
    )
    version = save_rubric(store, bettered(), "lead", note="after the first round")
    resolve(store, made, "lead", became=version)
    (kept,) = proposals(store, "starter-core")
    assert (kept.state, kept.became, kept.criterion, kept.score) == ("accepted", version, "groundedness", 3)
    with pytest.raises(Refused, match="is not open"):
        resolve(store, made, "lead")
    open_round(store, "default", "lead", subjects(first=900), rubric=version)
    lease = claim(store, "default", "ana")
    assert lease.rubric == bettered()
    assert submit(store, lease.slot, "ana", lease.fence, kit.said(), "k").verdict
    adopt(store, 1, version, "lead")
    judge(store, kit, "ana", [5] * 9)
    assert claim(store, "default", "ana").why == "the rubric is not frozen yet: it serves calibration rounds only"


def test_a_queue_in_which_people_judged_keeps_its_rubric(store, kit):
    kit.fill(store, kit.unit(1, k=1))
    kit.give(store, "ana")
    with pytest.raises(Refused, match="make a new queue"):
        adopt(store, 1, save_rubric(store, bettered(), "lead"), "lead")


def test_a_dispute_for_want_of_a_guideline_opens_a_proposal(store, kit):
    kit.fill(store, kit.unit(1), recheck_share=0.0)
    kit.give(store, "ana")
    kit.give(store, "ben", 2, 5, 5, 5, 5, **kit.BAD)
    kit.settle_by(store, "cy", cause="guideline_gap")
    (opened,) = proposals(store, "starter-core")
    assert (opened.state, opened.decision) == ("open", 1)
    assert verify(store).problem is None


def test_a_slot_that_lapsed_in_a_round_comes_back_to_who_had_it(store, clock, kit, subjects):
    kit.fill(store, kit.unit(1))
    open_round(store, "default", "lead", subjects())
    first = claim(store, "default", "ana")
    clock.now += kit.TTL + 1
    other, again = claim(store, "default", "ben"), claim(store, "default", "ana")
    assert isinstance(again, Lease)
    assert (again.slot, other.item) == (first.slot, first.item)
    assert other.slot != first.slot
