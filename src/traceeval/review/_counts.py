"""Counts of a queue as those who review in it may know them: nothing in them tells gold, or what a first verdict was.

A lease of gold counts as one of the slot its holder would have got without gold. An item whose first verdict opened a
second slot counts as if that verdict were not given, until the second one is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, Table, and_, func, literal, select

from traceeval.review import schema
from traceeval.review._eligible import eligible, no_stand_in


def by_state(connection: Connection, table: Table, queue_id: int) -> Counter[str]:
    """True counts of items, each subject in its latest round, or of slots."""
    mine = and_(table.c.queue_id == queue_id, schema.is_work(table))
    grouped = select(table.c.state, func.count()).where(mine).group_by(table.c.state)
    if table is schema.item:
        later = table.alias("later")
        same = and_(later.c.queue_id == table.c.queue_id, later.c.subject_sha256 == table.c.subject_sha256)
        grouped = grouped.where(~select(later.c.id).where(same, later.c.round > table.c.round).exists())
    return Counter(dict(connection.execute(grouped).all()))


def first_expiry(connection: Connection, queue_id: int, now: float) -> float | None:
    """Seconds until the first lease of a queue runs out; None: nothing is leased."""
    slot = schema.slot
    leased = and_(slot.c.queue_id == queue_id, schema.in_state(slot, "leased"))
    first = connection.execute(select(func.min(slot.c.lease_until)).where(leased)).scalar_one()
    return None if first is None else max(first - now, 0.0)


def stand_ins(connection: Connection, queue: Row[Any], now: float) -> list[Row[Any]]:
    """For each lease of gold, the slot its holder would have got, where there is one: with ``holder`` and ``item_state``."""
    slot, found = schema.slot, list[Row[Any]]()
    for holder in _holders_of_gold(connection, queue.id):
        free = eligible(queue, holder, now, ("review",)).where(no_stand_in(found, holder.id))
        told = (literal(holder.id).label("holder"), schema.item.c.state.label("item_state"))
        found += connection.execute(free.add_columns(*told).order_by(slot.c.rank, slot.c.id).limit(1)).all()
    return found


def _holders_of_gold(connection: Connection, queue_id: int) -> Sequence[Row[Any]]:
    slot, people = schema.slot, schema.reviewer
    leased = and_(slot.c.queue_id == queue_id, slot.c.kind == "gold", schema.in_state(slot, "leased"))
    return connection.execute(
        select(people).join(slot, slot.c.reviewer_id == people.c.id).where(leased).order_by(slot.c.id)
    ).all()


def slots_told(connection: Connection, queue_id: int, instead: Sequence[Row[Any]]) -> Counter[str]:
    """Slots by state. ``instead``: the stand-ins of gold that is held."""
    counts = by_state(connection, schema.slot, queue_id)
    counts["leased"] += len(_holders_of_gold(connection, queue_id))
    counts["open"] -= len(instead)
    counts["submitted"] -= len(_alarmed(connection, queue_id))
    return +counts


def items_told(connection: Connection, queue_id: int, instead: Sequence[Row[Any]]) -> Counter[str]:
    """Items by state. ``instead``: the stand-ins of gold that is held."""
    counts, held = by_state(connection, schema.item, queue_id), {one.item_id: one.item_state for one in instead}
    begun = sum(state == "queued" for state in held.values())
    waiting = sum(row.state == "open" and row.item_id not in held for row in _alarmed(connection, queue_id))
    counts["queued"] += waiting - begun
    counts["in_review"] += begun - waiting
    return +counts


def _alarmed(connection: Connection, queue_id: int) -> list[Row[Any]]:
    """Second slots that wait or are held because of the verdict in a first one."""
    slot, item, first = schema.slot, schema.item, schema.slot.alias("first")
    live = and_(slot.c.queue_id == queue_id, slot.c.opened == "alarm", slot.c.state.in_(("open", "leased")))
    given = and_(first.c.item_id == slot.c.item_id, first.c.state == "submitted")
    joined = select(slot.c.item_id, slot.c.state).join(first, given).join(item, item.c.id == slot.c.item_id)
    return list(connection.execute(joined.where(live, item.c.state == "in_review")))
