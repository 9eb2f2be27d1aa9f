"""Claim, beat, decline: one live lease a slot, enforced by a fence (review.md sections 3 and 5)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Connection, Row, and_, exists, func, insert, or_, select, update

from traceeval.errors import LeaseLost, Refused
from traceeval.model import Rubric
from traceeval.review import ledger, schema
from traceeval.review._rows import SETTINGS, Shown, item_row, queue_row, rubric_of, shown, slot_row
from traceeval.review.store import Store, person

DeclineReason = Literal["conflict_of_interest", "language", "expertise", "distress", "broken"]
REASONS: tuple[str, ...] = ("conflict_of_interest", "language", "expertise", "distress", "broken")


@dataclass(frozen=True, slots=True)
class Lease:
    """A slot that is yours until ``until``. ``kind`` is ``review`` or ``adjudicate``; ``fence`` goes with every step."""

    slot: int
    item: int
    fence: int
    until: float
    kind: str
    shown: Shown
    rubric: Rubric


@dataclass(frozen=True, slots=True)
class Nothing:
    """No slot for you now: how many others hold, and when the next lease runs out (seconds from now, None if none)."""

    open_for_others: int
    leased: int
    next_expiry_s: float | None


def expire(store: Store) -> int:
    """Give back slots whose lease ran out; the last holder may still submit while nobody took them."""
    with store.write() as connection:
        now = store.now(connection)
        late = and_(schema.slot.c.state == "leased", schema.slot.c.lease_until < now)
        done = connection.execute(
            update(schema.slot)
            .where(late)
            .values(state="open", last_holder=schema.slot.c.reviewer_id, reviewer_id=None, lease_until=None)
        )
        return int(done.rowcount)


def claim(store: Store, queue: str, handle: str) -> Lease | Nothing:
    """Lease the next slot that is yours to judge. A lease you hold already is returned, not doubled.

    Never the same subject twice for one person, in any round; never one they declined.
    """
    expire(store)
    with store.write() as connection:
        now = store.now(connection)
        row = queue_row(connection, queue)
        me = person(connection, handle, now)
        held = _held(connection, row.id, me)
        if len(held) >= {**SETTINGS, **row.settings}["max_leases"]:
            return _lease(connection, row, held[0])
        found = connection.execute(_next(row.id, me)).first()
        if found is None:
            return _nothing(connection, row.id, now)
        fence, until = found.fence + 1, now + row.ttl_s
        connection.execute(
            update(schema.slot)
            .where(schema.slot.c.id == found.id)
            .values(state="leased", reviewer_id=me, last_holder=me, fence=fence, lease_until=until)
        )
        started = "adjudicating" if found.kind == "adjudicate" else "in_review"
        connection.execute(
            update(schema.item)
            .where(schema.item.c.id == found.item_id, schema.item.c.state.in_(("queued", "disputed")))
            .values(state=started)
        )
        ledger.append(connection, now, handle, "claim", f"slot:{found.id}", ledger.digest([found.id, fence]))
        return _lease(connection, row, slot_row(connection, found.id))


def _held(connection: Connection, queue_id: int, me: int) -> list[Row[Any]]:
    held = and_(schema.slot.c.queue_id == queue_id, schema.slot.c.reviewer_id == me, schema.slot.c.state == "leased")
    return list(connection.execute(select(schema.slot).where(held)))


def _next(queue_id: int, me: int) -> Any:
    """The next open slot, in work order, of a subject this person never had and never declined."""
    mine, refused = schema.slot.alias("mine"), schema.decline
    had = exists().where(
        mine.c.subject_sha256 == schema.slot.c.subject_sha256,
        mine.c.state != "void",
        or_(mine.c.reviewer_id == me, and_(mine.c.last_holder == me, mine.c.state == "submitted")),
    )
    declined = exists().where(refused.c.subject_sha256 == schema.slot.c.subject_sha256, refused.c.reviewer_id == me)
    return (
        select(schema.slot)
        .where(schema.slot.c.queue_id == queue_id, schema.slot.c.state == "open", ~had, ~declined)
        .order_by(schema.slot.c.rank, schema.slot.c.id)
        .limit(1)
        .with_for_update(skip_locked=True, of=schema.slot)
    )


def _lease(connection: Connection, queue: Row[Any], slot: Row[Any]) -> Lease:
    rubric, _ = rubric_of(connection, queue)
    return Lease(
        slot.id, slot.item_id, slot.fence, slot.lease_until, slot.kind, shown(connection, slot.subject_sha256), rubric
    )


def _nothing(connection: Connection, queue_id: int, now: float) -> Nothing:
    def count(state: str) -> int:
        where = and_(schema.slot.c.queue_id == queue_id, schema.slot.c.state == state)
        return int(connection.execute(select(func.count()).select_from(schema.slot).where(where)).scalar_one())

    leased = and_(schema.slot.c.queue_id == queue_id, schema.slot.c.state == "leased")
    first = connection.execute(select(func.min(schema.slot.c.lease_until)).where(leased)).scalar_one()
    return Nothing(count("open"), count("leased"), None if first is None else max(first - now, 0.0))


def beat(store: Store, slot: int, handle: str, fence: int) -> float:
    """Extend a lease; the new end.

    Raises:
        LeaseLost: it is no longer yours.
    """
    with store.write() as connection:
        now = store.now(connection)
        me = person(connection, handle, now)
        row = slot_row(connection, slot)
        ttl = connection.execute(select(schema.queue.c.ttl_s).where(schema.queue.c.id == row.queue_id)).scalar_one()
        held = connection.execute(_mine(slot, me, fence).values(lease_until=now + ttl))
        if held.rowcount != 1:
            raise LeaseLost(f"slot {slot} is no longer yours; claim again, your draft is kept")
        return float(now + ttl)


def _mine(slot: int, me: int, fence: int) -> Any:
    return update(schema.slot).where(
        schema.slot.c.id == slot,
        schema.slot.c.reviewer_id == me,
        schema.slot.c.fence == fence,
        schema.slot.c.state == "leased",
    )


def save_draft(store: Store, slot: int, handle: str, fence: int, body: dict[str, Any]) -> None:
    """Keep what was written so far; it outlives the lease."""
    with store.write() as connection:
        now = store.now(connection)
        person(connection, handle, now)
        known = and_(schema.draft.c.slot_id == slot, schema.draft.c.fence == fence)
        done = connection.execute(update(schema.draft).where(known).values(body=body, at=now))
        if done.rowcount == 0:
            connection.execute(insert(schema.draft).values(slot_id=slot, fence=fence, body=body, at=now))


def decline(store: Store, slot: int, handle: str, fence: int, reason: str) -> None:
    """Give a slot back for good: this subject is never offered to the person again.

    Raises:
        Refused: an unknown reason.
        LeaseLost: it is no longer theirs.
    """
    if reason not in REASONS:
        raise Refused(f"reason {reason!r}: choose one of {', '.join(REASONS)}")
    with store.write() as connection:
        now = store.now(connection)
        me = person(connection, handle, now)
        row = slot_row(connection, slot)
        item_row(connection, row.item_id, lock=True)
        freed = _mine(slot, me, fence).values(state="open", reviewer_id=None, last_holder=None, lease_until=None)
        if connection.execute(freed).rowcount != 1:
            raise LeaseLost(f"slot {slot} is no longer yours")
        connection.execute(
            insert(schema.decline).values(subject_sha256=row.subject_sha256, reviewer_id=me, reason=reason, at=now)
        )
        ledger.append(connection, now, handle, "decline", f"slot:{slot}", ledger.digest([slot, reason]))
