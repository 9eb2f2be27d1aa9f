"""Every guard is needed: taken out, one of these checks goes red."""

import importlib

import pytest
import sqlalchemy
from sqlalchemy import event, insert, select, text
from sqlalchemy.exc import DatabaseError, IntegrityError, NoResultFound

from traceeval.errors import LeaseLost, Refused, StoreFailed
from traceeval.review import Store, claim, provisional, schema, show, submit, verify


def overtaken(store, clock, kit):
    """A sleeps past the lease, B claims, A submits: refused."""
    kit.fill(store, kit.unit(1, k=1))
    first = claim(store, "default", "ana")
    clock.now += kit.TTL + 1
    claim(store, "default", "ben")
    with pytest.raises(LeaseLost):
        submit(store, first.slot, "ana", first.fence, kit.said(), "k")


def stale_tab(store, clock, kit):
    """A's lease ran out and A claimed again: the old tab's fence no longer serves."""
    kit.fill(store, kit.unit(1, k=1))
    first = claim(store, "default", "ana")
    clock.now += kit.TTL + 1
    claim(store, "default", "ana")
    with pytest.raises(LeaseLost):
        submit(store, first.slot, "ana", first.fence, kit.said(), "k")


def repeated(store, clock, kit):
    """The same submit twice is one verdict."""
    kit.fill(store, kit.unit(1, k=1))
    lease = claim(store, "default", "ana")
    first = submit(store, lease.slot, "ana", lease.fence, kit.said(), "k")
    assert submit(store, lease.slot, "ana", lease.fence, kit.said(), "k").verdict == first.verdict


def ordered(store, clock, kit):
    """Item locked, then key looked up, then the fenced update."""
    kit.fill(store, kit.unit(1, k=1))
    lease = claim(store, "default", "ana")
    seen = []
    event.listen(store._writer, "before_cursor_execute", lambda c, cur, sql, *rest: seen.append(sql))
    submit(store, lease.slot, "ana", lease.fence, kit.said(), "k")
    places = [
        next(n for n, sql in enumerate(seen) if word in sql) for word in ("FROM item", "FROM verdict", "UPDATE slot")
    ]
    assert places == sorted(places)


def twice(store, clock, kit):
    """One person never judges a subject twice."""
    kit.fill(store, kit.unit(1))
    kit.give(store, "ana")
    assert not hasattr(claim(store, "default", "ana"), "slot")


def one_seat(store, clock, kit):
    """Two slots of an item cannot have one reviewer, whatever code runs."""
    kit.fill(store, kit.unit(1))
    kit.give(store, "ana")
    with pytest.raises(IntegrityError):
        store.transact(
            lambda c: c.execute(text("UPDATE slot SET reviewer_id = (SELECT reviewer_id FROM verdict) WHERE id = 2"))
        )


def one_item(store, clock, kit):
    """A subject is one item a round, whatever code runs."""
    kit.fill(store, kit.unit(1))
    row = store.transact(lambda c: dict(c.execute(select(schema.item)).one()._mapping))
    with pytest.raises(IntegrityError):
        store.transact(lambda c: c.execute(insert(schema.item).values({**row, "id": 99})))


def one_verdict(store, clock, kit):
    """A slot holds one verdict, a key names one, whatever code runs."""
    kit.fill(store, kit.unit(1, k=1))
    kit.give(store, "ana")
    row = store.transact(lambda c: dict(c.execute(select(schema.verdict)).one()._mapping))
    for change in ({"idem_key": "other"}, {"slot_id": 2}):
        other = {**row, "id": 99, "uuid": "other", **change}
        with pytest.raises(IntegrityError):
            store.transact(lambda c, other=other: c.execute(insert(schema.verdict).values(other)))


def replaced(store, clock, kit):
    """REPLACE is a delete in disguise."""
    if not store.is_sqlite:
        pytest.skip("SQLite only")
    kit.fill(store, kit.unit(1, k=1))
    kit.give(store, "ana")
    with pytest.raises(DatabaseError, match="insert-only"):
        store.transact(lambda c: c.execute(text("REPLACE INTO verdict SELECT * FROM verdict")))


def blind(store, clock, kit):
    """What others said is told by one's own blind verdict only."""
    kit.fill(store, kit.unit(1))
    kit.give(store, "ana", 5, 5, 5, 5, 5, rationale="CANARY of the first reviewer")
    lease = claim(store, "default", "ben")
    assert "CANARY" not in repr(lease) + repr([show(store, lease.item, who) for who in ("ben", "cy")])


def recorded(store, clock, kit):
    """Every verdict has its event."""
    kit.fill(store, kit.unit(1, k=1))
    kit.give(store, "ana")
    assert verify(store).problem is None


def settled(store, clock, kit):
    """A mark on the other side of the pass mark is a dispute."""
    kit.fill(store, kit.unit(1), recheck_share=0.0)
    kit.give(store, "ana", 4, 5, 5, 5, 5)
    assert kit.give(store, "ben", 3, 5, 5, 5, 5).state == "disputed"


def unblocked(store, clock, kit):
    """A claim takes what is free and never waits for what another transaction holds."""
    if store.is_sqlite:
        pytest.skip("SQLite has one writer at a time")
    kit.fill(store, kit.unit(1), kit.unit(2))
    impatient = text("SET LOCAL lock_timeout = '1s'")
    event.listen(store._writer, "begin", lambda connection: connection.execute(impatient))
    with store._writer.begin() as other:
        for table in (schema.slot, schema.item):
            other.execute(select(table.c.id).where(table.c.id == 1).with_for_update())
        assert claim(store, "default", "ana").item == 2


def locked(store, clock, kit):
    """A submit locks its item before it looks at anything: two last ones at once would each see the other missing."""
    if store.is_sqlite:
        pytest.skip("SQLite has one writer at a time")
    kit.fill(store, kit.unit(1, k=1))
    lease = claim(store, "default", "ana")
    seen = []
    event.listen(store._writer, "before_cursor_execute", lambda c, cur, sql, *rest: seen.append(sql))
    submit(store, lease.slot, "ana", lease.fence, kit.said(), "k")
    first = next(n for n, sql in enumerate(seen) if "FROM verdict" in sql)
    assert any("FROM item" in sql and "FOR UPDATE" in sql for sql in seen[:first])


def reasoned(store, clock, kit):
    """A decision is a third person's, blind first, with a cause."""
    kit.fill(store, kit.unit(1), recheck_share=0.0)
    kit.give(store, "ana")
    kit.give(store, "ben", 2, 5, 5, 5, 5, **kit.BAD)
    lease = claim(store, "default", "cy")
    with pytest.raises(Refused, match="alone first"):
        submit(store, lease.slot, "cy", lease.fence, kit.said(cause="ambiguous"), "k")
    provisional(store, lease.slot, "cy", lease.fence, kit.said())
    with pytest.raises(Refused, match="needs a cause"):
        submit(store, lease.slot, "cy", lease.fence, kit.said(), "k")


def family(store, clock, kit):
    """Labels of one scenario family never stand in two splits, nor a test label among the examples of a judge."""
    kit.fill(store, *(kit.unit(n, k=1) for n in range(30)), recheck_share=0.0)
    for _ in range(30):
        kit.give(store, "ana")
    with store.read() as connection:
        item, label = schema.item, schema.label
        joined = select(item.c.family, label.c.split).join(label, label.c.subject_sha256 == item.c.subject_sha256)
        found = set(connection.execute(joined).all())
    assert len(found) == len({name for name, _ in found}) == 30
    assert {split for _, split in found} == {"calibration", "test", "regression"}


CHECKS = [
    overtaken, stale_tab, repeated, ordered, twice, one_seat, one_item, one_verdict, replaced, blind, recorded, settled,
    unblocked, locked, reasoned, family,
]  # fmt: skip


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_the_queue_as_built_is_green(store, clock, kit, check):
    check(store, clock, kit)


def module(name):
    """A module, where the package has a function of its name."""
    return importlib.import_module(f"traceeval.review.{name}")


def no_fence(patch, store, folder):
    def mine(slot, me, fence):
        table = schema.slot
        return table.update().where(table.c.id == slot, table.c.reviewer_id == me, table.c.state == "leased")

    patch.setattr(module("submit"), "mine", mine)


def no_holder(patch, store, folder):
    def mine(slot, me, fence):
        return schema.slot.update().where(schema.slot.c.id == slot, schema.slot.c.state == "leased")

    patch.setattr(module("submit"), "mine", mine)


def no_key(patch, store, folder):
    patch.setattr(module("submit"), "_stored", lambda *args: None)


def key_before_lock(patch, store, folder):
    room, person = module("submit"), module("submit").person

    def early(connection, *args, **kwargs):
        connection.execute(select(schema.verdict.c.idem_key))
        return person(connection, *args, **kwargs)

    patch.setattr(room, "person", early)


def no_guard(patch, store, folder):
    patch.setattr(module("_eligible"), "new_to", lambda queue, me, subject: text("1 = 1"))


def no_unique(patch, store, folder):
    """The same tables without their UNIQUE constraints."""
    store.close()
    with patch.context() as bare:
        bare.setattr(module("_migrate"), "_create", module("_migrate").migrate)
        bare.setattr(sqlalchemy, "UniqueConstraint", lambda *columns: sqlalchemy.CheckConstraint("1 = 1"))
        return Store(f"sqlite:///{folder / 'bare.db'}")


def no_recursive_triggers(patch, store, folder):
    if not store.is_sqlite:
        pytest.skip("SQLite only")
    event.listen(store._writer, "checkout", lambda raw, *rest: raw.execute("PRAGMA recursive_triggers=OFF"))


def seeing(patch, store, folder):
    patch.setattr(module("status"), "_judged", lambda *args: True)
    patch.setattr(module("status"), "_SETTLED", ("in_review", "resolved"))


def no_event(patch, store, folder):
    patch.setattr(module("submit").ledger, "append", lambda *args: 0)


def majority(patch, store, folder):
    patch.setattr(module("settle"), "_agreed_on", lambda *args: True)


def no_skip_locked(patch, store, folder):
    waiting = sqlalchemy.Select.with_for_update

    def plain(self, *args, skip_locked=False, **kwargs):
        return waiting(self, *args, **kwargs)

    patch.setattr(sqlalchemy.Select, "with_for_update", plain)


def no_item_lock(patch, store, folder):
    room, row = module("submit"), module("submit").item_row
    patch.setattr(room, "item_row", lambda connection, item, lock=False: row(connection, item))


def no_blindness(patch, store, folder):
    patch.setattr(module("submit"), "blind_step", lambda *args: True)


def no_cause(patch, store, folder):
    room, strict = module("submit"), module("submit").validate
    patch.setattr(room, "validate", lambda *args, decides=False, **rest: strict(*args, **rest))


def split_by_item(patch, store, folder):
    flips = iter(range(10_000))
    patch.setattr(module("settle"), "split_of", lambda family: ("calibration", "test")[next(flips) % 2])


MUTANTS = [
    (no_fence, stale_tab), (no_holder, overtaken), (no_key, repeated), (key_before_lock, ordered), (no_guard, twice),
    (no_unique, one_seat), (no_unique, one_item), (no_unique, one_verdict), (no_recursive_triggers, replaced),
    (seeing, blind), (no_event, recorded), (majority, settled),
    (no_skip_locked, unblocked), (no_item_lock, locked), (no_blindness, reasoned), (no_cause, reasoned),
    (split_by_item, family),
]  # fmt: skip


@pytest.mark.parametrize(("mutant", "check"), MUTANTS, ids=lambda one: one.__name__)
def test_without_a_guard_its_check_goes_red(store, clock, kit, monkeypatch, tmp_path, mutant, check):
    mutated = mutant(monkeypatch, store, tmp_path) or store
    with pytest.raises((AssertionError, LeaseLost, NoResultFound, Refused, StoreFailed, pytest.fail.Exception)):
        check(mutated, clock, kit)
    mutated.close()
