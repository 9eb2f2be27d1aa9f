"""Words people wrote, kept apart from history, which holds their salted digest: they can be erased, it cannot."""

from __future__ import annotations

import secrets
import uuid
from typing import Any

from sqlalchemy import Connection, insert, select

from traceeval.review import schema
from traceeval.review.ledger import digest


def keep(connection: Connection, body: dict[str, Any]) -> tuple[str, str, str]:
    """Store words under a new owner id; (that id, their salted digest, the salt)."""
    owner, salt = str(uuid.uuid4()), secrets.token_hex(16)
    connection.execute(insert(schema.free_text), {"owner": owner, "salt": salt, "body": body})
    return owner, salted(salt, body), salt


def words(connection: Connection, owner: str) -> dict[str, Any]:
    """What was written; ``[erased]`` where it was erased."""
    table = schema.free_text
    found = connection.execute(select(table.c.body).where(table.c.owner == owner)).scalar()
    return dict(found) if found is not None else {"rationale": "[erased]", "reasons": {}}


def salt_of(connection: Connection, owner: str) -> str | None:
    """The salt of those words; None when they were erased."""
    return connection.execute(select(schema.free_text.c.salt).where(schema.free_text.c.owner == owner)).scalar()


def salted(salt: str, body: object) -> str:
    """A digest that tells nothing once the salt is gone."""
    return digest([salt, body])
