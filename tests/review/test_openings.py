"""What is open for a person is what a claim gives them, of every kind; where it gives nothing, it is said why."""

import pytest
from sqlalchemy import insert, update

from traceeval.review import Lease, Nothing, claim, decline, schema, status, submit
from traceeval.review._rows import person
from traceeval.review.gold import GoldItem, add_gold
from traceeval.review.people import add_person, grant
from traceeval.review.rounds import open_round
from traceeval.review.subjects import prepare

RIGHT = dict.fromkeys(("groundedness", "tool_use", "trajectory", "safety", "accuracy"), 5)


def subjects(kit, first, count):
    made = [kit.unit(number) for number in range(first, first + count)]
    return [prepare(one.sha256, one.trace, one.payload) for one in made]


def add_golds(store, kit, count, purpose, first=1000):
    golds = [GoldItem(subject=one, marks=RIGHT, purpose=purpose) for one in subjects(kit, first, count)]
    add_gold(store, "default", "expert", golds)


def give(store, kit, who):
    """Claim and submit."""
    lease = claim(store, "default", who)
    assert isinstance(lease, Lease), lease
    submit(store, lease.slot, who, lease.fence, kit.said(), f"{who}/{lease.slot}/{lease.fence}")


def counts(store, who="ana"):
    now = status(store, "default", who)
    return now.open_for_me, now.to_calibrate, now.to_qualify


def knows(store, who="ana", **values):
    def learn(connection):
        person(connection, who, 0.0)
        table = schema.reviewer
        connection.execute(update(table).where(table.c.handle == who).values(**values))

    store.transact(learn)


def test_what_is_to_qualify_on_is_open_until_somebody_qualifies_and_then_the_work_is(store, kit):
    kit.fill(store, kit.unit(1), kit.unit(2), qualification=True, gold_share_first=0.0)
    add_golds(store, kit, 20, "qualification")
    for left in range(20, 0, -1):
        assert counts(store) == (left, 0, left)
        give(store, kit, "ana")
    assert counts(store) == (2, 0, 0)


def test_a_qualification_item_that_lapsed_is_still_to_be_done(store, clock, kit):
    kit.fill(store, kit.unit(1), qualification=True)
    add_golds(store, kit, 3, "qualification")
    claim(store, "default", "ana")
    assert counts(store) == (2, 0, 2)
    clock.now += kit.TTL + 1
    claim(store, "default", "ben")
    assert counts(store) == (3, 0, 3)


def test_a_round_that_is_on_is_open_to_who_has_nothing_else(store, clock, kit):
    kit.queue(store)
    open_round(store, "default", "lead", subjects(kit, 500, 12))
    for left in range(12, 0, -1):
        assert counts(store) == (left, left, 0)
        give(store, kit, "ana")
    assert counts(store) == (0, 0, 0)
    claim(store, "default", "ben")
    assert counts(store, "ben") == (11, 11, 0)
    clock.now += kit.TTL + 1
    claim(store, "default", "cy")
    assert counts(store, "ben") == (12, 12, 0)


def test_two_slots_of_one_trace_are_one_thing_to_do(store, kit):
    kit.fill(store, kit.unit(1, k=2), kit.unit(2, k=2), kit.unit(3, k=1))
    assert counts(store) == (3, 0, 0)


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_hidden_gold_that_comes_next_counts_as_work_where_nothing_else_is_left(store, kit, share):
    kit.fill(store, kit.unit(1, k=1), gold_share_first=0.0)
    add_golds(store, kit, 3, "hidden")
    assert counts(store) == (1, 0, 0)
    give(store, kit, "ana")
    kit.configure(store, gold_share_first=share)
    assert counts(store) == (int(share), 0, 0)
    assert isinstance(claim(store, "default", "ana"), Lease if share else Nothing)


def nothing(store, who="ana", kinds=None):
    """Why there is nothing, as the counts and the claim say it."""
    said = status(store, "default", who, kinds)
    got = claim(store, "default", who, kinds)
    assert isinstance(got, Nothing)
    assert (said.open_for_me, said.why) == (0, got.why)
    return got.why


def test_why_there_is_nothing_is_said_by_the_counts_as_by_the_claim(store, kit):
    kit.fill(store, kit.unit(1, k=1, lang="de"), kit.unit(2, k=1, lang="de", tag="law"))
    assert nothing(store) == "what is open now is in languages that are not among yours; ask an admin"
    knows(store, langs=["de"])
    knows(store, "ben", langs=["de"])
    lease = claim(store, "default", "ana")
    assert nothing(store, "ben") == "what is open now needs expertise that is not among yours; ask an admin"
    submit(store, lease.slot, "ana", lease.fence, kit.said(), "k")
    knows(store, tags=["law"])
    lease = claim(store, "default", "ana")
    assert nothing(store, "ben") == "no slot of this queue is open now"
    decline(store, lease.slot, "ana", lease.fence, "expertise")
    assert nothing(store) == "you have judged, declined or written everything that is open now"


def test_content_to_be_spared_and_another_kind_of_work_are_told(store, kit):
    kit.fill(store, kit.unit(1, k=1, warnings=("violence",)), recheck_share=1.0)
    knows(store, langs=["en"])
    row = {"reviewer_id": 1, "category": "violence", "at": 0.0}
    store.transact(lambda connection: connection.execute(insert(schema.opt_out).values(**row)))
    assert nothing(store) == "what is open now holds content you asked to be spared"
    store.transact(lambda connection: connection.execute(update(schema.slot).values(kind="adjudicate")))
    said = "what is open now is another kind of work: disputes are for adjudicators"
    assert nothing(store, "ben", {"review"}) == said


def test_who_is_not_qualified_is_told_so(store, kit):
    kit.fill(store, kit.unit(1), qualification=True)
    assert nothing(store) == "you are not qualified for this rubric version yet, and no more gold is left to you"


def test_an_alarm_and_the_sessions_end_are_told(store, kit):
    kit.fill(store, kit.unit(1, k=1), kit.unit(2, k=1), session_cap=1)
    give(store, kit, "ana")
    assert nothing(store).startswith("that is enough for now")


def test_who_may_not_judge_here_is_told_as_the_claim_refuses(store, kit):
    kit.fill(store, kit.unit(1))
    add_person(store, "lea", "system")
    grant(store, "lea", "default", "lead", "system")
    now = status(store, "default", "lea")
    assert (now.open_for_me, "leads project default" in now.why) == (0, True)
