"""Leases: who is offered what, for how long, and what a fence keeps out."""

import re
import threading

import pytest
from sqlalchemy import event, insert, select, update
from sqlalchemy.dialects.postgresql import asyncpg

from traceeval.errors import LeaseLost, NotFound, Refused
from traceeval.review import Lease, Nothing, beat, claim, decline, expire, release, schema, status, submit, void
from traceeval.review._rows import person, queue_row
from traceeval.review.queue import next_slot


def test_a_claim_at_the_limit_returns_the_lease_held(store, kit):
    kit.fill(store, kit.unit(1), kit.unit(2))
    assert claim(store, "default", "ana") == claim(store, "default", "ana")


def test_a_queue_may_allow_three_leases_a_person(store, kit):
    kit.fill(store, *(kit.unit(n) for n in range(5)), max_leases=3)
    held = [claim(store, "default", "ana").slot for _ in range(5)]
    assert len(set(held)) == 3
    assert len(status(store, "default", "ana").mine) == 3


def test_work_comes_in_the_order_must_see_by_risk_then_by_number_over_probability(store, kit):
    kit.fill(
        store,
        kit.unit(1, k=1, pi=0.1, u=0.09),
        kit.unit(2, k=1, pi=0.5, u=0.1),
        kit.unit(3, k=1, level=0.6, floor=3),
        kit.unit(4, k=1, level=0.7, floor=3),
    )
    seen = []
    for _ in range(4):
        seen.append(claim(store, "default", "ana").shown.trace.id)
        kit.give(store, "ana")
    assert seen == ["t4", "t3", "t2", "t1"]


def test_nobody_gets_two_slots_of_a_subject(store, kit):
    kit.fill(store, kit.unit(1))
    kit.give(store, "ana")
    assert isinstance(claim(store, "default", "ana"), Nothing)


def test_somebody_whose_verdict_was_voided_is_not_asked_again(store, kit):
    kit.fill(store, kit.unit(1))
    lease = claim(store, "default", "ana")
    submit(store, lease.slot, "ana", lease.fence, kit.said(), "k")
    void(store, lease.slot, "lead", "wrong rubric read")
    assert isinstance(claim(store, "default", "ana"), Nothing)


def test_an_expired_lease_goes_to_the_next_and_the_first_is_told(store, clock, kit):
    kit.fill(store, *(kit.unit(n, k=1) for n in range(12)))
    for n in range(12):
        first = claim(store, "default", "ana")
        clock.now += kit.TTL + 1
        second = claim(store, "default", "ben")
        assert (second.slot, second.fence) == (first.slot, first.fence + 1)
        with pytest.raises(LeaseLost):
            submit(store, first.slot, "ana", first.fence, kit.said(), f"k{n}")
        assert submit(store, second.slot, "ben", second.fence, kit.said(), f"k{n}").state == "resolved"
    drafts = status(store, "default", "ana").drafts
    assert len(drafts) == 12
    assert drafts[0][1]["rationale"] == kit.said().rationale


def test_a_late_verdict_counts_while_nobody_took_the_slot(store, clock, kit):
    kit.fill(store, kit.unit(1, k=1))
    lease = claim(store, "default", "ana")
    clock.now += kit.TTL + 1
    assert expire(store) == 1
    receipt = submit(store, lease.slot, "ana", lease.fence, kit.said(), "k")
    assert (receipt.state, receipt.late) == ("resolved", True)


def test_a_verdict_after_its_lease_is_late_though_nobody_swept_the_lease(store, clock, kit):
    kit.fill(store, kit.unit(1, k=1))
    lease = claim(store, "default", "ana")
    clock.now += kit.TTL + 1
    assert submit(store, lease.slot, "ana", lease.fence, kit.said(), "k").late
    with store.read() as connection:
        assert connection.execute(select(schema.verdict.c.late)).scalar_one()


def test_late_after_taking_the_other_slot_of_the_item_is_refused(store, clock, kit):
    kit.fill(store, kit.unit(1))
    first = claim(store, "default", "ana")
    clock.now += kit.TTL + 1
    expire(store)
    assert claim(store, "default", "ben").slot == first.slot
    other = claim(store, "default", "ana")
    assert other.item == first.item
    clock.now += kit.TTL + 1
    expire(store)
    with pytest.raises(LeaseLost):
        submit(store, first.slot, "ana", first.fence, kit.said(), "k")


def test_a_clock_set_back_revives_no_lease(store, clock, kit):
    kit.fill(store, kit.unit(1, k=1))
    claim(store, "default", "ana")
    clock.now += kit.TTL + 1
    second = claim(store, "default", "ben")
    clock.now -= 3600
    assert isinstance(claim(store, "default", "ana"), Nothing)
    assert submit(store, second.slot, "ben", second.fence, kit.said(), "k").state == "resolved"


def test_a_beat_extends_a_lease_of_mine_only(store, clock, kit):
    kit.fill(store, kit.unit(1))
    lease = claim(store, "default", "ana")
    clock.now += kit.TTL - 10
    assert beat(store, lease.slot, "ana", lease.fence) == clock.now + kit.TTL
    clock.now += 20
    assert expire(store) == 0
    with pytest.raises(LeaseLost):
        beat(store, lease.slot, "ben", lease.fence)
    with pytest.raises(LeaseLost):
        beat(store, lease.slot, "ana", lease.fence + 1)


def test_a_declined_subject_is_never_offered_to_that_person_again(store, kit):
    kit.fill(store, kit.unit(1, k=1))
    lease = claim(store, "default", "ana")
    decline(store, lease.slot, "ana", lease.fence, "distress")
    assert isinstance(claim(store, "default", "ana"), Nothing)
    assert isinstance(claim(store, "default", "ben"), Lease)


def test_a_decliner_cannot_come_back_late(store, kit):
    kit.fill(store, kit.unit(1, k=1))
    lease = claim(store, "default", "ana")
    decline(store, lease.slot, "ana", lease.fence, "expertise")
    with pytest.raises(LeaseLost):
        submit(store, lease.slot, "ana", lease.fence, kit.said(), "k")


def test_a_reason_to_decline_is_one_of_five(store, kit):
    kit.fill(store, kit.unit(1))
    lease = claim(store, "default", "ana")
    with pytest.raises(Refused, match="distress"):
        decline(store, lease.slot, "ana", lease.fence, "bored")


def test_an_empty_reply_says_what_others_hold_and_is_never_done(store, kit):
    kit.fill(store, kit.unit(1, k=1))
    claim(store, "default", "ana")
    assert claim(store, "default", "ben") == Nothing(0, 1, kit.TTL, "no slot of this queue is open now")


def qualify(store, handle, rubric=1, **fields):
    row = {"rubric_id": rubric, "lang": "en", "n": 20, "passed_at": 1.0, **fields}
    store.transact(
        lambda c: c.execute(insert(schema.qualification).values(reviewer_id=person(c, handle, 0.0).id, **row))
    )


def test_a_queue_that_asks_for_qualification_offers_nothing_to_others(store, clock, kit):
    kit.fill(store, kit.unit(1), qualification=True)
    qualify(store, "ben")
    qualify(store, "old", valid_until=clock.now - 1)
    assert isinstance(claim(store, "default", "ana"), Nothing)
    assert isinstance(claim(store, "default", "old"), Nothing)
    assert isinstance(claim(store, "default", "ben"), Lease)


def test_an_item_every_qualified_person_declined_goes_to_the_lead_and_back(store, kit):
    kit.fill(store, kit.unit(1, k=1), qualification=True)
    for who in ("ana", "ben"):
        qualify(store, who)
    for who in ("ana", "ben"):
        assert kit.items(store) != {"blocked": 1}
        lease = claim(store, "default", who)
        decline(store, lease.slot, who, lease.fence, "expertise")
    assert kit.items(store) == {"blocked": 1}
    qualify(store, "cy")
    assert isinstance(claim(store, "default", "cy"), Nothing)
    release(store, 1, "lead", "cy has joined")
    assert isinstance(claim(store, "default", "cy"), Lease)


def test_tags_and_languages_are_guards_not_hints(store, kit):
    kit.fill(store, kit.unit(1), kit.unit(2))
    store.transact(lambda c: c.execute(update(schema.item).where(schema.item.c.id == 1).values(tag="safety")))
    store.transact(lambda c: c.execute(update(schema.item).where(schema.item.c.id == 2).values(lang="fi")))
    assert isinstance(claim(store, "default", "ana"), Nothing)
    fit = {"tags": ["safety"], "langs": ["fi"]}
    store.transact(lambda c: c.execute(update(schema.reviewer).values(**fit)))
    assert status(store, "default", "ana").open_for_me == 2


def test_a_disabled_person_is_refused(store, kit):
    kit.fill(store, kit.unit(1))
    claim(store, "default", "ana")
    store.transact(lambda c: c.execute(update(schema.reviewer).values(disabled_at=1.0)))
    with pytest.raises(Refused, match="disabled"):
        claim(store, "default", "ana")


@pytest.mark.parametrize("handle", ["", " ", "x" * 201, "a\x1b[2J"])
def test_a_handle_is_a_printable_name(store, kit, handle):
    kit.fill(store, kit.unit(1))
    with pytest.raises(Refused, match="no name"):
        claim(store, "default", handle)


def test_an_unknown_queue_names_those_there_are(store, kit):
    with pytest.raises(NotFound, match="none yet"):
        status(store, "default")
    kit.fill(store, kit.unit(1))
    with pytest.raises(NotFound, match="there are: default"):
        claim(store, "other", "ana")


def test_one_person_in_many_tabs_holds_one_slot(store, kit):
    kit.fill(store, *(kit.unit(n) for n in range(3)))
    got = []
    tabs = [threading.Thread(target=lambda: got.append(claim(store, "default", "ana"))) for _ in range(8)]
    for tab in tabs:
        tab.start()
    for tab in tabs:
        tab.join()
    assert len({lease.slot for lease in got}) == 1
    assert len(got) == 8


@pytest.mark.parametrize("index", [True, False], ids=["as built", "without the index"])
def test_the_next_slot_is_found_by_the_partial_index(store, kit, clock, index):
    kit.fill(store, kit.unit(1))
    claim(store, "default", "ana")
    if not store.is_sqlite:
        pytest.skip("PostgreSQL plans by statistics; a small table is read whole")
    if not index:
        store.transact(lambda connection: connection.exec_driver_sql("DROP INDEX slot_open"))

    def plan(connection):
        me = person(connection, "ben", 0.0)
        query = next_slot(queue_row(connection, "default"), me, clock.now, {"review"})
        text = str(query.compile(connection, compile_kwargs={"literal_binds": True}))
        return str(connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}").fetchall())

    steps = store.transact(plan)
    assert ("USING INDEX slot_open" in steps) == index
    assert ("TEMP B-TREE" in steps) != index
    assert not (index and re.search(r"SCAN (slot|item|had|decline)", steps))


def test_a_plan_that_was_prepared_for_anybody_finds_the_next_slot_by_the_partial_index(store, kit, clock):
    """After a few claims PostgreSQL plans without looking at the values: what is not in the statement it does not know.

    Of a table this small it would rather sort, so it is told not to: it then sorts only where no index gives the order.
    """
    if store.is_sqlite:
        pytest.skip("SQLite prepares no plan for any value")
    kit.fill(store, kit.unit(1))

    def plan(connection):
        me = person(connection, "ben", 0.0)
        query = next_slot(queue_row(connection, "default"), me, clock.now, {"review"})
        made = query.compile(dialect=asyncpg.dialect(), compile_kwargs={"render_postcompile": True})
        values = ", ".join(repr(made.params[name]) for name in made.positiontup)
        for setting in ("plan_cache_mode = force_generic_plan", "enable_seqscan = off", "enable_sort = off"):
            connection.exec_driver_sql(f"SET LOCAL {setting}")
        connection.exec_driver_sql(f"PREPARE anybody AS {made}")
        return "\n".join(connection.exec_driver_sql(f"EXPLAIN EXECUTE anybody({values})").scalars())

    steps = store.transact(plan)
    assert "$1" in steps
    assert "using slot_open" in steps
    assert "Sort" not in steps


@pytest.mark.parametrize("table", ["slot", "item"])
def test_no_claim_reads_every_slot_or_item(store, kit, table):
    """Not of a fresh person, not of one with leases behind them: whatever is asked finds its rows by an index."""
    if not store.is_sqlite:
        pytest.skip("PostgreSQL plans by statistics; a small table is read whole")
    kit.fill(store, *(kit.unit(n, k=1) for n in range(3)))
    asked = []
    event.listen(
        store._writer, "before_cursor_execute", lambda c, cur, sql, parameters, *rest: asked.append((sql, parameters))
    )
    kit.give(store, "ana")
    claim(store, "default", "ana")
    plans = []
    with store.read() as connection:
        for sql, parameters in asked:
            if sql.startswith(("SELECT", "UPDATE")):
                rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", parameters).all()
                plans += [(row[3], sql) for row in rows]
    assert plans
    assert [sql for plan, sql in plans if plan.startswith(f"SCAN {table}") and "INDEX" not in plan] == []
