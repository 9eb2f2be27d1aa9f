"""Small look-ups several services share."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, select

from traceeval.errors import NotFound
from traceeval.model import Rubric, Trace
from traceeval.review import schema
from traceeval.review.rubric import load_rubric

TTL_S = 20 * 60
MAX_LEASES = 1
MAX_ROUNDS = 2
SETTINGS: Mapping[str, Any] = {
    "recheck_share": 0.05,
    "max_leases": MAX_LEASES,
    "show_judge": False,
    "qualification": False,
}


def queue_row(connection: Connection, name: str) -> Row[Any]:
    """A queue by name.

    Raises:
        NotFound: with the names there are.
    """
    row = connection.execute(select(schema.queue).where(schema.queue.c.name == name)).first()
    if row is None:
        known = ", ".join(connection.execute(select(schema.queue.c.name)).scalars()) or "none yet"
        raise NotFound(f"no queue {name!r}; there are: {known}. `traceeval evaluate` makes one")
    return row


def slot_row(connection: Connection, slot_id: int) -> Row[Any]:
    """A slot by id.

    Raises:
        NotFound: there is none.
    """
    row = connection.execute(select(schema.slot).where(schema.slot.c.id == slot_id)).first()
    if row is None:
        raise NotFound(f"no slot {slot_id}; `traceeval review list` shows yours")
    return row


def item_row(connection: Connection, item_id: int, *, lock: bool = False) -> Row[Any]:
    """An item by id, locked where several writers may meet.

    Raises:
        NotFound: there is none.
    """
    statement = select(schema.item).where(schema.item.c.id == item_id)
    row = connection.execute(statement.with_for_update() if lock else statement).first()
    if row is None:
        raise NotFound(f"no item {item_id}")
    return row


def rubric_of(connection: Connection, queue: Row[Any]) -> tuple[Rubric, str]:
    """The rubric of a queue and its digest."""
    row = connection.execute(select(schema.rubric).where(schema.rubric.c.id == queue.rubric_id)).one()
    return load_rubric(row.body), str(row.sha256)


@dataclass(frozen=True, slots=True)
class Shown:
    """What a reviewer is shown: the redacted trace, and the digests that say which."""

    trace: Trace
    payload_sha256: str
    redaction_version: str


def shown(connection: Connection, subject_sha256: str) -> Shown:
    """The redacted trace of a subject.

    Raises:
        NotFound: its payload is not stored.
    """
    row = connection.execute(select(schema.subject).where(schema.subject.c.sha256 == subject_sha256)).first()
    if row is None:
        raise NotFound(f"the payload of {subject_sha256[:12]} is not stored")
    trace = msgspec.json.decode(zlib.decompress(row.payload), type=Trace)
    return Shown(trace, row.payload_sha256, row.redaction_version)


def queue_row_by_id(connection: Connection, queue_id: int) -> Row[Any]:
    """A queue by id; slots name one that exists."""
    return connection.execute(select(schema.queue).where(schema.queue.c.id == queue_id)).one()
