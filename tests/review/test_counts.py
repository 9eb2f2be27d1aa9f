"""What the counts of a queue tell those who review: gold that is held is like any slot, a first verdict opens nothing."""

import pytest

from traceeval.review import Nothing, Store, claim, status
from traceeval.review.gold import GoldItem, add_gold
from traceeval.review.subjects import prepare

PEOPLE = ("ana", "ben", "eve")
DANGER = {"reasons": {"safety": "it could hurt somebody"}, "evidence": ("s1",)}


def told(store, who):
    """The counts somebody is told, without which slot they hold."""
    now = status(store, "default", who)
    return now.items, now.slots, now.open_for_me, now.next_expiry_s, len(now.mine)


def queue(store, kit, *, k, gold):
    """Three items and one of gold, which comes first if ``gold``."""
    kit.fill(store, *(kit.unit(number, k=k) for number in (1, 2, 3)), gold_share_first=float(gold))
    made = kit.unit(9)
    add_gold(
        store,
        "default",
        "expert",
        [GoldItem(subject=prepare(made.sha256, made.trace, made.payload), marks={"safety": 5})],
    )


def session(store, kit, *, k, gold):
    """What three people are told as they come and claim."""
    queue(store, kit, k=k, gold=gold)
    seen = [[told(store, who) for who in PEOPLE]]
    for who in PEOPLE[:2]:
        claim(store, "default", who)
        seen.append([told(store, who) for who in PEOPLE])
    return seen


@pytest.mark.parametrize("k", [1, 2])
def test_the_counts_are_the_same_whether_slots_that_are_held_are_gold(fresh, kit, k):
    both = []
    for gold in (False, True):
        store = Store(fresh(), clock=kit.Clock())
        both.append(session(store, kit, k=k, gold=gold))
        store.close()
    assert both[0] == both[1]
    items, slots, *_ = both[0][1][0]
    assert (items, slots) == ({"queued": 2, "in_review": 1}, {"open": 3 * k - 1, "leased": 1})


def test_without_a_person_the_counts_are_the_true_ones(store, kit):
    queue(store, kit, k=1, gold=True)
    claim(store, "default", "ana")
    now = status(store, "default")
    assert (now.items, now.slots) == ({"queued": 3}, {"open": 3})


def test_who_gets_nothing_is_told_of_gold_that_is_held_as_of_any_lease(store, kit):
    queue(store, kit, k=1, gold=True)
    claim(store, "default", "ana")
    kit.configure(store, gold_share_first=0.0)
    for who in ("ben", "cy"):
        claim(store, "default", who)
    assert status(store, "default", "eve").open_for_me == 0
    kit.give(store, "eve")
    nothing = claim(store, "default", "eve")
    assert isinstance(nothing, Nothing)
    assert (nothing.open_for_others, nothing.leased) == (0, 3)


def test_a_first_verdict_that_opens_a_second_slot_shows_in_no_count(store, kit):
    kit.fill(store, *(kit.unit(number, k=1) for number in (1, 2)))
    before = told(store, "ben")
    assert kit.give(store, "ana", 5, 5, 5, 1, 5, **DANGER).state == "in_review"
    assert told(store, "ben") == before == ({"queued": 2}, {"open": 2}, 2, None, 0)
    assert status(store, "default").slots == {"open": 2, "submitted": 1}
    claim(store, "default", "ben")
    items, slots, *_ = told(store, "ben")
    assert (items, slots) == ({"queued": 1, "in_review": 1}, {"open": 1, "leased": 1})
