"""Small look-ups and changes several services share. All run in the caller's transaction."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, Table, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from traceeval.errors import NotFound, Refused
from traceeval.model import Trace
from traceeval.review import ledger, schema

TTL_S = 20 * 60
MAX_ROUNDS = 2
FINAL = ("resolved", "indeterminate", "withdrawn")
SETTINGS: Mapping[str, Any] = {
    "recheck_share": 0.05,
    "max_leases": 1,
    "show_judge": False,
    "qualification": False,
    "seed": "",
}


def setting(queue: Row[Any], name: str) -> Any:
    """A setting of a queue, or its default."""
    return {**SETTINGS, **queue.settings}[name]


def insert_row(connection: Connection, table: Table, **values: Any) -> Row[Any]:
    """Insert one row and read it back, as its digest needs it."""
    done = connection.execute(insert(table).values(**values).returning(table.c.id)).scalar_one()
    return connection.execute(select(table).where(table.c.id == done)).one()


def person(connection: Connection, handle: str, now: float, *, lock: bool = False) -> Row[Any]:
    """The reviewer of that handle, created on first use. ``lock``: one claim a person at a time.

    Raises:
        Refused: no name, or the account is disabled.
    """
    if not handle.strip() or len(handle) > 200 or not handle.isprintable():
        raise Refused(f"{handle!r} is no name: up to 200 printable characters (--as)")
    if handle == ledger.SYSTEM:
        raise Refused(f"{handle!r} is no person: it signs what the queue does by itself; take another name (--as)")
    table = schema.reviewer
    found = select(table).where(table.c.handle == handle)
    if connection.execute(found).first() is None:
        insert_new(connection, table, [{"handle": handle, "langs": [], "tags": [], "created_at": now}])
    row = connection.execute(found.with_for_update(key_share=True) if lock else found).one()
    if row.disabled_at is not None:
        raise Refused(f"{handle} is disabled; ask a lead")
    return row


def insert_new(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    """Insert the rows that are not there yet; waits for whoever is inserting the same."""
    if rows:
        connection.execute(unless_there(connection, table), rows)


def unless_there(connection: Connection, table: Table) -> Any:
    """An INSERT that does nothing where a unique value is taken."""
    make = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    return make(table).on_conflict_do_nothing()


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


def queue_of(connection: Connection, row: Row[Any]) -> Row[Any]:
    """The queue of an item or slot."""
    return connection.execute(select(schema.queue).where(schema.queue.c.id == row.queue_id)).one()


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
    """An item by id. ``lock``: every change of an item or its slots locks the item first, then slots, then the chain.

    Raises:
        NotFound: there is none.
    """
    statement = select(schema.item).where(schema.item.c.id == item_id)
    row = connection.execute(statement.with_for_update() if lock else statement).first()
    if row is None:
        raise NotFound(f"no item {item_id}")
    return row


def move(connection: Connection, item_id: int, state: str, **values: Any) -> str:
    """Put an item into a state; that state."""
    version = schema.item.c.version + 1
    connection.execute(
        update(schema.item).where(schema.item.c.id == item_id).values(state=state, version=version, **values)
    )
    return state


def open_slot(connection: Connection, item: Row[Any], kind: str, opened: str) -> int:
    """Add an open slot to an item; its id. ``opened`` says why it is there."""
    last = connection.execute(select(func.max(schema.slot.c.n)).where(schema.slot.c.item_id == item.id)).scalar_one()
    return int(
        insert_row(
            connection,
            schema.slot,
            **slot_values(item.id, item.queue_id, item.rank, item.subject_sha256, (last or 0) + 1, kind, opened),
        ).id
    )


def slot_values(
    item_id: int, queue_id: int, rank: float, subject: str, n: int, kind: str = "review", opened: str = "draw"
) -> dict[str, Any]:
    """A slot nobody had yet."""
    return {
        "item_id": item_id,
        "queue_id": queue_id,
        "rank": rank,
        "subject_sha256": subject,
        "n": n,
        "kind": kind,
        "opened": opened,
        "state": "open",
        "fence": 0,
    }


@dataclass(frozen=True, slots=True)
class Shown:
    """What a reviewer is shown: the redacted trace, and the digests that say which."""

    trace: Trace
    payload_sha256: str
    redaction_version: str


def shown(connection: Connection, subject_sha256: str) -> Shown:
    """The redacted trace of a subject.

    Raises:
        NotFound: its payload was never stored, or was erased.
    """
    row = connection.execute(select(schema.subject).where(schema.subject.c.sha256 == subject_sha256)).first()
    if row is None:
        raise NotFound(f"the text of {subject_sha256[:12]} is not stored: it could not be redacted, or was erased")
    trace = msgspec.json.decode(zlib.decompress(row.payload), type=Trace)
    return Shown(trace, row.payload_sha256, row.redaction_version)
