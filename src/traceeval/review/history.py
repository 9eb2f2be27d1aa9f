"""The chain to read: events by page, newest first, for auditors."""

from __future__ import annotations

import json
from dataclasses import dataclass

from sqlalchemy import select

from traceeval.review import schema
from traceeval.review.store import Store

PER_PAGE = 100


@dataclass(frozen=True, slots=True)
class Event:
    """One event of the chain. ``at``: seconds, UTC epoch; ``about``: the row it speaks of."""

    seq: int
    at: float
    actor: str
    action: str
    about: str
    hash: str


def events(store: Store, before: int | None = None) -> tuple[list[Event], int]:
    """A page of events, those before a sequence number or the newest; and the number of the last event there is."""
    table = schema.audit_event
    wanted = select(table).order_by(table.c.seq.desc()).limit(PER_PAGE)
    with store.read() as connection:
        last = connection.execute(select(schema.audit_head.c.seq)).scalar() or 0
        rows = connection.execute(wanted if before is None else wanted.where(table.c.seq < before)).all()
    return [_event(row.seq, row.body, row.hash) for row in rows], int(last)


def _event(seq: int, body: str, link: str) -> Event:
    told = json.loads(body)
    return Event(seq, float(told["at"]), str(told["actor"]), str(told["action"]), str(told["object"]), link)
