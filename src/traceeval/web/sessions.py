"""Sessions kept on the server: a cookie holds a random name, the database its digest, its owner and when it ends."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import Connection, delete, insert, select, update

from traceeval.review import Store, schema

TOUCH_S = 60.0  # how old the note of the last request may be before it is written anew


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody signed in. ``csrf``: what every form of theirs must carry."""

    digest: str
    person: int
    csrf: str


def begin(store: Store, person: int, idle_s: float, absolute_s: float) -> tuple[str, Session]:
    """A new session under a new name, and that name for the cookie; sessions that ended are swept out."""
    name, csrf = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    session = Session(_digest(name), person, csrf)

    def write(connection: Connection) -> None:
        table, now = schema.session, store.now(connection)
        connection.execute(delete(table).where((table.c.idle_until < now) | (table.c.expires_at < now)))
        times = {"created_at": now, "seen_at": now, "idle_until": now + idle_s, "expires_at": now + absolute_s}
        connection.execute(insert(table).values(id_sha256=session.digest, reviewer_id=person, csrf=csrf, **times))

    store.transact(write)
    return name, session


def find(store: Store, name: str, idle_s: float) -> Session | None:
    """The session of a cookie, kept alive by being used; None when it ended or never was."""
    table, digest = schema.session, _digest(name)
    with store.read() as connection:
        row = connection.execute(select(table).where(table.c.id_sha256 == digest)).first()
        now = store.now(connection)
    if row is None or min(row.idle_until, row.expires_at) < now:
        return None
    if row.seen_at < now - TOUCH_S:
        later = update(table).where(table.c.id_sha256 == digest).values(seen_at=now, idle_until=now + idle_s)
        store.transact(lambda connection: connection.execute(later))
    return Session(digest, row.reviewer_id, row.csrf)


def end(store: Store, session: Session) -> None:
    """Sign out: the cookie's name means nothing any more."""
    gone = delete(schema.session).where(schema.session.c.id_sha256 == session.digest)
    store.transact(lambda connection: connection.execute(gone))


def _digest(name: str) -> str:
    return sha256(name.encode("utf-8", "replace")).hexdigest()
