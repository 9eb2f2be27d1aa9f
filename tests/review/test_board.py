"""What a lead sees of a queue: only work counts, by one rule everywhere."""

import pytest

from traceeval.report import audit
from traceeval.review import claim, decline, export, reopen, status
from traceeval.review.board import board, items
from traceeval.review.gold import GoldItem, add_gold
from traceeval.review.rounds import open_round
from traceeval.review.subjects import prepare
from traceeval.run import _audit_pack

RIGHT = dict.fromkeys(("groundedness", "tool_use", "trajectory", "safety", "accuracy"), 5)


@pytest.fixture
def subjects(kit):
    def make(first, count):
        made = [kit.unit(number) for number in range(first, first + count)]
        return [prepare(one.sha256, one.trace, one.payload) for one in made]

    return make


@pytest.fixture
def mixed(store, kit, subjects):
    """Two ordinary items, one of them done, beside five of gold and a round of ten."""
    kit.fill(store, kit.unit(1, k=1), kit.unit(2, k=1), gold_share_first=0.0)
    kit.give(store, "ana")
    add_gold(store, "default", "lea", [GoldItem(subject=one, marks=RIGHT) for one in subjects(1000, 5)])
    open_round(store, "default", "lea", subjects(500, 10))


def test_gold_and_calibration_items_are_in_no_list_and_no_count_of_work(store, mixed):
    rows, total = items(store, "default", None, 1)
    assert ([row.state for row in rows], total) == (["resolved", "queued"], 2)
    assert items(store, "default", "in_review", 1) == ([], 0)
    assert status(store, "default").items == {"resolved": 1, "queued": 1}
    with store.read() as connection:
        (queue,) = export.queues(connection)
        short = _audit_pack._shortfall(connection, [queue], {})
    assert queue["items"] == {"queued": 1, "resolved": 1}
    assert "1 of 2 items have no final decision" in audit.limits(short)


def test_an_item_that_is_open_again_is_counted_once(store, kit, mixed):
    reopen(store, 1, "lea", "the policy changed")
    assert status(store, "default").items == {"queued": 2}
    assert board(store, "default").share_no_label is None
    with store.read() as connection:
        assert [queue["items"] for queue in export.queues(connection)] == [{"queued": 2}]


def declines(store, queue):
    return {work.handle: work.declined for work in board(store, queue).people if work.declined}


def test_who_declined_is_who_gave_a_slot_of_this_queue_back_and_no_author(store, kit, subjects):
    kit.fill(store, kit.unit(1, authors=("ana",)), kit.unit(2))
    kit.fill(store, kit.unit(1), kit.unit(2), queue="other", frame="b" * 64)
    gold = GoldItem(subject=subjects(1000, 1)[0], marks=RIGHT, made_by=("cy",))
    add_gold(store, "default", "lea", [gold])
    lease = claim(store, "default", "ben")
    decline(store, lease.slot, "ben", lease.fence, "expertise")
    lease = claim(store, "other", "ana")
    decline(store, lease.slot, "ana", lease.fence, "distress")
    assert (declines(store, "default"), declines(store, "other")) == ({"ben": 1}, {"ana": 1})
