"""The audit chain: every event carries the digest of the one before, and the digest of the row it speaks of.

People stand in it as ``reviewer:ID``, never by name: the chain can be handed over whole, and a name can be erased.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, select, update

from traceeval.errors import NotFound
from traceeval.review import schema

DOMAIN = "traceeval.audit.v1"
SYSTEM = "system"
GENESIS = "0" * 64
_WAITING = "traceeval_events"
_JOINED_LATER = {
    column.name for table in schema.meta.tables.values() for column in table.c if column.info == schema.LATER
}
# Built once: every change of a queue goes through them.
_HEAD = select(schema.audit_head).where(schema.audit_head.c.id == 1).with_for_update()
_EVENT = insert(schema.audit_event)
_MOVE = (
    update(schema.audit_head)
    .where(schema.audit_head.c.id == 1)
    .values(seq=bindparam("to_seq"), hash=bindparam("to_hash"))
)
_PERSON = select(schema.reviewer.c.id).where(schema.reviewer.c.handle == bindparam("who"))


def canonical(value: object) -> str:
    """JSON with sorted keys and no spaces."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def digest(value: object) -> str:
    """SHA-256 of the canonical JSON."""
    return sha256(canonical(value).encode("utf-8", "surrogatepass")).hexdigest()


def row_digest(row: Row[Any]) -> str:
    """Digest of a stored row, every column of it."""
    return digest(recorded(row._asdict()))


def recorded(row: Mapping[str, Any]) -> dict[str, Any]:
    """What a digest covers: every column, but for those that joined later and hold nothing."""
    return {name: value for name, value in row.items() if value is not None or name not in _JOINED_LATER}


def opened(connection: Connection) -> Connection:
    """The connection of a transaction that begins: its events wait in it until it is `sealed`."""
    return connection.execution_options(**{_WAITING: []})


def append(connection: Connection, at: float, actor: str | int, action: str, about: str, content: str) -> None:
    """Add an event in the caller's transaction.

    ``actor``: a reviewer's handle or id, stored as their pseudonym, or ``system``.
    """
    event = {"at": at, "actor": pseudonym(connection, actor), "action": action, "object": about, "digest": content}
    connection.get_execution_options()[_WAITING].append(event)


def seal(connection: Connection) -> None:
    """Chain the events of a transaction that is about to commit.

    The head row is locked last and once, for no longer than this takes: every other writer waits for it.
    """
    waiting = connection.get_execution_options()[_WAITING]
    if not waiting:
        return
    head = connection.execute(_HEAD).one()
    seq, link, rows = head.seq, head.hash, []
    for seq, event in enumerate(waiting, head.seq + 1):
        body = canonical({"seq": seq, **event})
        prev, link = link, chain(link, body)
        rows.append({"seq": seq, "body": body, "prev": prev, "hash": link})
    connection.execute(_EVENT, rows)
    connection.execute(_MOVE, {"to_seq": seq, "to_hash": link})


def pseudonym(connection: Connection, who: str | int) -> str:
    """``reviewer:ID`` of a person, by handle or id, the same in every export; ``system`` for what nobody did.

    Raises:
        NotFound: no reviewer of that handle.
    """
    if who == SYSTEM:
        return SYSTEM
    if isinstance(who, int):
        return f"reviewer:{who}"
    found = connection.execute(_PERSON, {"who": who}).scalar()
    if found is None:
        raise NotFound(f"no reviewer {who!r}: an event needs its actor")
    return f"reviewer:{found}"


def chain(prev: str, body: str) -> str:
    """The hash of an event."""
    return sha256(f"{DOMAIN}\n{prev}\n{body}".encode()).hexdigest()
