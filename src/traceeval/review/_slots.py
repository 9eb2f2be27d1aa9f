"""Slots that are added to an item after it was drawn."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, func, select

from traceeval.review import schema
from traceeval.review._rows import insert_row, queue_of, setting, slot_values
from traceeval.review.pairs import PAIR_MODES, next_order


def open_slot(connection: Connection, item: Row[Any], kind: str, opened: str, now: float) -> int:
    """Add an open slot to an item, which the caller has locked; its id. ``opened`` says why it is there."""
    last = connection.execute(select(func.max(schema.slot.c.n)).where(schema.slot.c.item_id == item.id)).scalar_one()
    values = slot_values(item.id, item.queue_id, item.rank, item.subject_sha256, (last or 0) + 1, kind, opened)
    swapped, queue = False, queue_of(connection, item)
    if queue.mode in PAIR_MODES:
        swapped = next_order(connection, item, str(setting(queue, "seed")), kind)
    return int(insert_row(connection, schema.slot, **values, swapped=swapped, opened_at=now).id)
