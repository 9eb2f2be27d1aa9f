"""What somebody wrote of a slot they lost is in the form when they get the item again, and can be read till then."""

import pytest

from traceeval.review import claim, decline, provisional, save_draft, status, submit
from traceeval.review.desk import desk
from traceeval.review.drafts import drafts
from traceeval.review.pairs import pair
from traceeval.review.select import Unit, enqueue
from traceeval.review.steps import save_alone

SOFAR = {"rationale": "so far"}


def written(store, who="ana"):
    return [(one.slot, one.body) for one in drafts(store, who)]


def lose(store, clock, kit, who="ana", body=SOFAR, queue="default"):
    """Take a slot, write, and lose it to somebody else."""
    lease = claim(store, queue, who)
    save_draft(store, lease.slot, who, lease.fence, body)
    clock.now += kit.TTL + 1
    taken = claim(store, queue, "ben")
    assert taken.slot == lease.slot
    return lease, taken


def test_what_was_written_of_a_lost_slot_stands_in_the_form_of_the_same_item(store, clock, kit):
    kit.fill(store, kit.unit(1, k=2))
    lost, _ = lose(store, clock, kit)
    assert written(store) == [(lost.slot, SOFAR)]
    again = claim(store, "default", "ana")
    assert (again.item, again.slot != lost.slot) == (lost.item, True)
    assert desk(store, again.slot, "ana").draft == SOFAR
    assert (written(store), status(store, "default", "ana").drafts) == ([], ())
    save_draft(store, again.slot, "ana", again.fence, {"rationale": "further"})
    assert desk(store, again.slot, "ana").draft == {"rationale": "further"}
    submit(store, again.slot, "ana", again.fence, kit.said(), "k")
    assert written(store) == []


def test_a_draft_is_offered_to_nobody_else(store, clock, kit):
    kit.fill(store, kit.unit(1, k=2))
    lost, taken = lose(store, clock, kit)
    save_draft(store, taken.slot, "ben", taken.fence, {"rationale": "ben's"})
    clock.now += kit.TTL + 1
    lease = claim(store, "default", "cy")
    assert desk(store, lease.slot, "cy").draft == {}
    assert (written(store, "cy"), written(store, "ben")) == ([], [(lost.slot, {"rationale": "ben's"})])
    assert written(store) == [(lost.slot, SOFAR)]


def test_a_draft_of_another_item_or_another_queue_is_not_this_ones(store, clock, kit):
    kit.fill(store, kit.unit(1, k=1), kit.unit(2, k=1))
    kit.fill(store, kit.unit(3, k=1), queue="other", frame="b" * 64)
    lost, _ = lose(store, clock, kit)
    assert desk(store, claim(store, "default", "ana").slot, "ana").draft == {}
    assert [slot for slot, _ in status(store, "default", "ana").drafts] == [lost.slot]
    assert status(store, "other", "ana").drafts == ()


def test_what_was_written_to_review_is_not_offered_to_who_settles_the_dispute(store, clock, kit):
    kit.fill(store, kit.unit(1, k=2))
    _, taken = lose(store, clock, kit)
    submit(store, taken.slot, "ben", taken.fence, kit.said(), "k")
    kit.give(store, "cy", 1, 5, 5, 5, 5, **kit.BAD)
    settles = claim(store, "default", "ana")
    assert settles.kind == "adjudicate"
    assert desk(store, settles.slot, "ana").draft == {}
    provisional(store, settles.slot, "ana", settles.fence, kit.said())
    assert desk(store, settles.slot, "ana").draft == {}


@pytest.fixture
def compared(store, kit):
    def make(mode):
        kit.queue(store, mode, mode=mode, k=2)
        units = [kit.unit(number) for number in (1, 2)]
        both = pair(*((one.sha256, one.payload) for one in units))
        unit = Unit(
            trace="t", sha256=both.sha256, level=0.5, floor=0, pi=1.0, u=0.0, k=2, safety=False, reasons=(),
            payload=both.first, second=both.second,
        )  # fmt: skip
        enqueue(store, [unit], queue=mode, frame_sha256="a" * 64, frame_size=1, seed="quiet", plan={})
        return mode

    return make


def test_of_a_pair_it_is_turned_to_the_order_shown_now(store, clock, kit, compared):
    body = {"preference": "a", "evidence": ["a:s1"], "rationale": "the left one"}
    lost, _ = lose(store, clock, kit, body=body, queue=compared("pairwise"))
    again = claim(store, "pairwise", "ana")
    assert again.shown.trace == lost.shown.other
    assert desk(store, again.slot, "ana").draft == {**body, "preference": "b", "evidence": ["b:s1"]}


def test_of_one_response_alone_it_waits_for_the_same_response(store, clock, kit, compared):
    body = {"marks": {"safety": 4}, "rationale": "of the left one"}
    lost, _ = lose(store, clock, kit, body=body, queue=compared("protocol"))
    again = claim(store, "protocol", "ana")
    assert (again.stage, again.shown.trace == lost.shown.trace) == ("alone_a", False)
    assert desk(store, again.slot, "ana").draft == {}
    save_alone(store, again.slot, "ana", again.fence, "a", kit.said())
    here = desk(store, again.slot, "ana")
    assert (here.stage, here.shown.trace, here.draft) == ("alone_b", lost.shown.trace, body)


def test_what_was_declined_can_still_be_read_and_an_empty_draft_is_none(store, kit):
    kit.fill(store, kit.unit(1), kit.unit(2))
    for body in (SOFAR, {}):
        lease = claim(store, "default", "ana")
        save_draft(store, lease.slot, "ana", lease.fence, body)
        decline(store, lease.slot, "ana", lease.fence, "expertise")
    assert [body for _, body in written(store)] == [SOFAR]
    assert len(status(store, "default", "ana").drafts) == 1
