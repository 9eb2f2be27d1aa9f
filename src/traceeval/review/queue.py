"""Claim, beat, decline: one live lease a slot, enforced by a fence (review.md sections 3 and 5)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Literal, get_args

import msgspec
from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    Update,
    and_,
    insert,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError

from traceeval.errors import LeaseLost, Refused
from traceeval.model import Rubric
from traceeval.review import gold, ledger, rounds, schema
from traceeval.review._counts import first_expiry, slots_told, stand_ins
from traceeval.review._eligible import block_if_stuck, block_unserved, eligible
from traceeval.review._rows import (
    Shown,
    item_row,
    move,
    person,
    queue_of,
    queue_row,
    setting,
    shown,
    slot_row,
)
from traceeval.review.admission import pause
from traceeval.review.openings import kinds_within, unready
from traceeval.review.pairs import blinded
from traceeval.review.rubric import rubric_for
from traceeval.review.spoken import claimed
from traceeval.review.steps import Stage, stage_of
from traceeval.review.store import Store
from traceeval.review.subjects import warnings_of

DeclineReason = Literal["conflict_of_interest", "language", "expertise", "distress", "broken"]
REASONS: tuple[str, ...] = get_args(DeclineReason)
TRIES = 5


@dataclass(frozen=True, slots=True)
class Lease:
    """A slot that is yours until ``until``. ``kind`` is ``review`` or ``adjudicate``; ``fence`` goes with every step.

    ``stage``: what is asked now: in protocol queues each response alone (``alone_a`` left, ``alone_b`` right) before the
    judgement; of an adjudicator the blind verdict (``judge``), then ``decide``. ``warnings``: what the item holds.
    """

    slot: int
    item: int
    fence: int
    until: float
    kind: str
    shown: Shown
    rubric: Rubric
    mode: str = "single"
    stage: Stage = "judge"
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Nothing:
    """No slot for you now: how many others may take or hold, and seconds to the next expiry (None: nothing leased).

    ``why``: in words; None: what there was, somebody else is taking this moment.
    """

    open_for_others: int
    leased: int
    next_expiry_s: float | None
    why: str | None = None


def expire(store: Store) -> int:
    """Give back slots whose lease ran out; the last holder may still submit while nobody took them."""
    return store.transact(partial(_expire, store))


def _expire(store: Store, connection: Connection) -> int:
    slot, old = schema.slot, schema.slot.alias("old")
    late = _late(old, store.now(connection))
    back = {"state": "open", "last_holder": slot.c.reviewer_id, "reviewer_id": None, "lease_until": None}
    free = select(old.c.id).where(late).with_for_update(skip_locked=True)
    return int(connection.execute(update(slot).where(slot.c.id.in_(free)).values(**back)).rowcount)


def _late(slot: Any, now: float) -> ColumnElement[bool]:
    return and_(schema.in_state(slot, "leased"), slot.c.lease_until < now)


def claim(store: Store, queue: str, handle: str, kinds: Collection[str] | None = None) -> Lease | Nothing:
    """Lease the next slot that is yours to judge. At the limit of leases, one you hold is returned, not doubled.

    Never the same subject twice for one person, in any round; never one they declined. ``kinds``: of slots the caller
    may be given, as whoever checks roles knows; None: any.

    Raises:
        Refused: other tabs of yours kept taking what this one found.
    """
    tidied = False
    for _ in range(TRIES):
        try:
            found = store.transact(partial(_claim, store, queue, handle, kinds, tidied))
        except IntegrityError:  # UNIQUE(item, reviewer): the same person in two tabs
            continue
        if found is not None:
            return found
        expire(store)
        tidied = True
    raise Refused(f"{handle} is claiming in several places at once; claim again")


def _claim(
    store: Store, queue: str, handle: str, kinds: Collection[str] | None, tidied: bool, connection: Connection
) -> Lease | Nothing | None:
    """None: leases ran out, and nobody gave them back yet (``tidied``: all that can be were)."""
    now = store.now(connection)
    if not tidied and connection.execute(select(schema.slot.c.id).where(_late(schema.slot, now)).limit(1)).first():
        return None
    row = queue_row(connection, queue)
    me = person(connection, handle, now, lock=True)
    held = [slot for slot in held_by(connection, row.id, me.id) if kinds is None or kind_shown(slot.kind) in kinds]
    if len(held) >= setting(row, "max_leases"):
        return _lease(connection, row, item_row(connection, held[0].item_id), held[0])
    may = kinds_within(connection, row, me, kinds)
    why = pause(connection, row, me, now)
    if why is not None:
        return _nothing(connection, row, now, why)
    found = _find(connection, row, me, may, now)
    if found is None:
        block_unserved(connection, row, now)
        return _nothing(connection, row, now, unready(connection, row, me, now, may))
    slot, fence = schema.slot, found.fence + 1
    lease = {"state": "leased", "reviewer_id": me.id, "last_holder": me.id, "lease_until": now + row.ttl_s}
    taken = update(slot).where(slot.c.id == found.id).values(fence=fence, leased_at=now, **lease).returning(*slot.c)
    mine = connection.execute(taken).one()
    item, started = item_row(connection, found.item_id), "adjudicating" if found.kind == "adjudicate" else "in_review"
    if item.state != started:
        move(connection, item.id, started)
    ledger.append(connection, now, me.id, "claim", f"slot:{found.id}", ledger.digest(claimed(mine, item)))
    return _lease(connection, row, item, mine)


def _find(connection: Connection, queue: Row[Any], me: Row[Any], kinds: frozenset[str], now: float) -> Row[Any] | None:
    """The next slot: of a calibration round that is on, of gold, or the first in the order of work."""
    special = rounds.offer(connection, queue, me, now) if "review" in kinds else None
    if special is not None or queue.rubric_frozen_at is None:
        return special
    special = gold.offer(connection, queue, me, now) if "review" in kinds else None
    if special is not None:
        return special
    return connection.execute(next_slot(queue, me, now, kinds)).first()


def next_slot(queue: Row[Any], me: Row[Any], now: float, kinds: Collection[str]) -> Select[Any]:
    """The first slot for a person in the order of work that nobody else is taking this moment."""
    slot = schema.slot
    first = eligible(queue, me, now, kinds).order_by(slot.c.rank, slot.c.id).limit(1)
    return first.with_for_update(skip_locked=True, of=[slot, schema.item])


def kind_shown(kind: str) -> str:
    """What a reviewer is told a slot is: gold and calibration look like any other."""
    return "adjudicate" if kind == "adjudicate" else "review"


def held_by(connection: Connection, queue_id: int, reviewer_id: int) -> list[Row[Any]]:
    """The slots a person holds, oldest first."""
    slot = schema.slot
    held = and_(slot.c.queue_id == queue_id, slot.c.reviewer_id == reviewer_id, slot.c.state == "leased")
    return list(connection.execute(select(slot).where(held).order_by(slot.c.id)))


def _lease(connection: Connection, queue: Row[Any], item: Row[Any], slot: Row[Any]) -> Lease:
    rubric, _ = rubric_for(connection, queue, item)
    stage = stage_of(connection, slot, queue, slot.reviewer_id)
    view = at_stage(shown(connection, slot.subject_sha256, swapped=slot.swapped), stage)
    warnings = warnings_of(connection, slot.subject_sha256)
    where = (slot.id, slot.item_id, slot.fence, slot.lease_until, kind_shown(slot.kind))
    return Lease(*where, view, rubric, queue.mode, stage, warnings)


def at_stage(view: Shown, stage: Stage) -> Shown:
    """What may be seen now: scores of others never, of a pair nothing that names its systems, one side while alone."""
    if view.other is None:
        return unscored(view)
    left, right = blinded(view.trace), blinded(view.other)
    alone = {"alone_a": left, "alone_b": right}.get(stage)
    return replace(view, trace=left, other=right) if alone is None else replace(view, trace=alone, other=None)


def unscored(view: Shown) -> Shown:
    """Without the scores a trace came with."""
    other = None if view.other is None else msgspec.structs.replace(view.other, imported=())
    return replace(view, trace=msgspec.structs.replace(view.trace, imported=()), other=other)


def _nothing(connection: Connection, queue: Row[Any], now: float, why: str | None = None) -> Nothing:
    counts = slots_told(connection, queue.id, stand_ins(connection, queue, now))
    return Nothing(counts["open"], counts["leased"], first_expiry(connection, queue.id, now), why)


def mine(slot_id: int, reviewer_id: int, fence: int) -> Update:
    """The fenced update: it finds the slot only while this very lease holds."""
    slot = schema.slot
    return update(slot).where(
        slot.c.id == slot_id, slot.c.reviewer_id == reviewer_id, slot.c.fence == fence, slot.c.state == "leased"
    )


def beat(store: Store, slot: int, handle: str, fence: int) -> float:
    """Extend a lease; its new end.

    Raises:
        LeaseLost: it is no longer yours.
    """

    def extend(connection: Connection) -> float:
        now = store.now(connection)
        me = person(connection, handle, now)
        until = now + queue_of(connection, slot_row(connection, slot)).ttl_s
        if connection.execute(mine(slot, me.id, fence).values(lease_until=until)).rowcount != 1:
            raise LeaseLost(f"slot {slot} is no longer yours; submit what you have or claim again")
        return float(until)

    return store.transact(extend)


def decline(store: Store, slot: int, handle: str, fence: int, reason: str) -> None:
    """Give a slot back for good: this subject is never offered to the person again.

    Raises:
        Refused: an unknown reason.
        LeaseLost: it is no longer theirs.
    """
    if reason not in REASONS:
        raise Refused(f"reason {reason!r}: choose one of {', '.join(REASONS)}")
    store.transact(partial(_decline, store, slot, handle, fence, reason))


def _decline(store: Store, slot: int, handle: str, fence: int, reason: str, connection: Connection) -> None:
    now = store.now(connection)
    me = person(connection, handle, now)
    row = slot_row(connection, slot)
    item = item_row(connection, row.item_id, lock=True)
    free = {"state": "open", "reviewer_id": None}  # a slot of gold was made for them alone, and their lot moves on
    given_back = {"state": "void"} if row.kind == "gold" else free
    freed = mine(slot, me.id, fence).values(last_holder=None, lease_until=None, **given_back)
    if connection.execute(freed).rowcount != 1:
        raise LeaseLost(f"slot {slot} is no longer yours")
    refusal = {"subject_sha256": row.subject_sha256, "reviewer_id": me.id, "reason": reason, "at": now}
    connection.execute(insert(schema.decline).values(**refusal))
    block_if_stuck(connection, queue_of(connection, row), item.id, now)
    ledger.append(connection, now, handle, "decline", f"slot:{slot}", ledger.digest([slot, reason]))
