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


def append(connection: Connection, at: float, actor: str, action: str, about: str, content: str) -> int:
    """Add an event in the caller's transaction; its sequence number. The head row is locked last, always.

    ``actor``: a reviewer's handle, stored as their pseudonym, or ``system``.
    """
    who = pseudonym(connection, actor)
    head = connection.execute(_HEAD).one()
    seq = head.seq + 1
    body = canonical({"seq": seq, "at": at, "actor": who, "action": action, "object": about, "digest": content})
    link = chain(head.hash, body)
    connection.execute(_EVENT, {"seq": seq, "body": body, "prev": head.hash, "hash": link})
    connection.execute(_MOVE, {"to_seq": seq, "to_hash": link})
    return int(seq)


def pseudonym(connection: Connection, handle: str) -> str:
    """``reviewer:ID`` of a person, the same in every export; ``system`` for what nobody did.

    Raises:
        NotFound: no reviewer of that handle.
    """
    if handle == SYSTEM:
        return SYSTEM
    found = connection.execute(_PERSON, {"who": handle}).scalar()
    if found is None:
        raise NotFound(f"no reviewer {handle!r}: an event needs its actor")
    return f"reviewer:{found}"


def chain(prev: str, body: str) -> str:
    """The hash of an event."""
    return sha256(f"{DOMAIN}\n{prev}\n{body}".encode()).hexdigest()
