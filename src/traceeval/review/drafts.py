"""Drafts: what a person wrote of a slot, theirs alone. Of a slot they lost it is offered at the same item again, and read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, exists, select

from traceeval.review import schema
from traceeval.review._rows import person
from traceeval.review.pairs import unswapped
from traceeval.review.steps import asked_alone, stage_of
from traceeval.review.store import Store


@dataclass(frozen=True, slots=True)
class Draft:
    """What I wrote of a slot I lost. ``at``: when it was saved."""

    slot: int
    item: int
    queue: str
    project: str
    at: float
    body: Mapping[str, Any]


def drafts(store: Store, handle: str) -> list[Draft]:
    """Mine of slots I lost, the latest first; what is in a form of mine again is not among them."""
    me = store.transact(lambda connection: person(connection, handle, store.now(connection)).id)
    queue = schema.queue
    named = kept(me).join(queue, queue.c.id == schema.slot.c.queue_id).add_columns(queue.c.name, queue.c.project)
    with store.read() as connection:
        rows = connection.execute(named.order_by(schema.draft.c.at.desc(), schema.draft.c.slot_id)).all()
    return [Draft(row.slot_id, row.item_id, row.name, row.project, row.at, row.body) for row in rows if row.body]


def kept(reviewer_id: int) -> Select[Any]:
    """Drafts of items this person does not hold now; empty ones too."""
    draft, slot, held = schema.draft, schema.slot, schema.slot.alias("held")
    mine = and_(held.c.item_id == slot.c.item_id, held.c.reviewer_id == reviewer_id, held.c.state == "leased")
    found = select(draft.c.slot_id, draft.c.body, draft.c.at, slot.c.item_id).join(slot, slot.c.id == draft.c.slot_id)
    return found.where(draft.c.reviewer_id == reviewer_id, ~exists().where(mine))


def draft_of(connection: Connection, slot_id: int, reviewer_id: int) -> Mapping[str, Any]:
    """What somebody saved of a slot; empty when nothing."""
    table = schema.draft
    mine = and_(table.c.slot_id == slot_id, table.c.reviewer_id == reviewer_id)
    return dict(connection.execute(select(table.c.body).where(mine)).scalar() or {})


def draft_before(connection: Connection, slot: Row[Any], queue: Row[Any], reviewer_id: int) -> Mapping[str, Any]:
    """What somebody saved last of another slot of the same item, when the same was asked there; empty when nothing.

    Of a pair it is turned to the order in which the two stand now.
    """
    draft, other = schema.draft, schema.slot
    same = (other.c.item_id == slot.item_id, other.c.kind == slot.kind, other.c.id != slot.id)
    found = select(other, draft.c.body).join(draft, draft.c.slot_id == other.c.id)
    mine = found.where(*same, draft.c.reviewer_id == reviewer_id).order_by(draft.c.at.desc())
    stage = stage_of(connection, slot, queue, reviewer_id)
    wanted = asked_alone(stage, slot.swapped)
    for row in connection.execute(mine).all():
        before = stage_of(connection, row, queue, reviewer_id)
        if row.body and asked_alone(before, row.swapped) == wanted and (wanted or before == stage):
            return dict(row.body) if wanted else unswapped(dict(row.body), row.swapped != slot.swapped)
    return {}
