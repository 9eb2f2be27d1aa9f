"""API tokens ``te_…``: shown once, kept as a digest, limited to scopes, and ended by date or by hand."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import Connection, bindparam, select, update

from traceeval.errors import Refused
from traceeval.review import Store, ledger, schema
from traceeval.review._rows import insert_row
from traceeval.review.people import Person, person_of
from traceeval.web.roles import SCOPES

PREFIX, SHOWN = "te_", 11
DAY_S, MOST_DAYS = 86_400.0, 366
_HELD = (
    select(schema.reviewer, schema.api_token.c.scopes, schema.api_token.c.expires_at, schema.api_token.c.revoked_at)
    .join(schema.api_token)
    .where(schema.api_token.c.sha256 == bindparam("secret"))
)


@dataclass(frozen=True, slots=True)
class Token:
    """A token without its secret. ``prefix`` tells two apart."""

    id: int
    person: int
    name: str
    prefix: str
    scopes: frozenset[str]
    expires_at: float


def issue(store: Store, person: int, by: str, *, name: str, scopes: Sequence[str], days: float = 90) -> str:
    """A new token; this is the only time it is seen.

    Raises:
        Refused: no scope, one there is not, or a life of no days or more than a year.
    """
    if not scopes or not set(scopes) <= set(SCOPES):
        raise Refused(f"a token needs at least one scope of {', '.join(SCOPES)}")
    if not 0 < days <= MOST_DAYS:
        raise Refused(f"a token lives 1 to {MOST_DAYS} days")
    secret = PREFIX + secrets.token_urlsafe(32)

    def write(connection: Connection) -> None:
        now = store.now(connection)
        row = insert_row(
            connection,
            schema.api_token,
            reviewer_id=person,
            name=name.strip()[:200] or "token",
            prefix=secret[:SHOWN],
            sha256=_digest(secret),
            scopes=sorted(scopes),
            created_at=now,
            expires_at=now + days * DAY_S,
        )
        ledger.append(connection, now, by, "token", f"reviewer:{person}", ledger.digest([row.id, sorted(scopes)]))

    store.transact(write)
    return secret


def find(store: Store, connection: Connection, secret: str) -> tuple[Person, frozenset[str]] | None:
    """Whose live token has that secret, and its scopes; None: unknown, expired or revoked."""
    row = connection.execute(_HELD, {"secret": _digest(secret)}).first()
    if row is None or row.revoked_at is not None or row.expires_at < store.now(connection):
        return None
    return person_of(connection, row), frozenset(row.scopes)


def of(store: Store, person: int) -> list[Token]:
    """Somebody's live tokens, oldest first."""
    table = schema.api_token
    with store.read() as connection:
        now = store.now(connection)
        mine = select(table).where(table.c.reviewer_id == person, table.c.revoked_at.is_(None)).order_by(table.c.id)
        return [
            Token(row.id, person, row.name, row.prefix, frozenset(row.scopes), row.expires_at)
            for row in connection.execute(mine)
            if row.expires_at >= now
        ]


def revoke(store: Store, token: int, person: int, by: str) -> None:
    """End a token of that person now."""

    def write(connection: Connection) -> None:
        table, now = schema.api_token, store.now(connection)
        mine = update(table).where(table.c.id == token, table.c.reviewer_id == person, table.c.revoked_at.is_(None))
        if connection.execute(mine.values(revoked_at=now)).rowcount:
            ledger.append(connection, now, by, "revoke", f"reviewer:{person}", ledger.digest([token]))

    store.transact(write)


def _digest(secret: str) -> str:
    return sha256(secret.encode("utf-8", "replace")).hexdigest()
