"""One-time links by which somebody chooses their password: the first admin's, and those an admin hands out."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import Connection, Row, select, update

from traceeval.errors import NotFound
from traceeval.review import Store, schema
from traceeval.review._rows import insert_row
from traceeval.review.people import add_person, find_person, grant
from traceeval.web.accounts import Accounts, require_fit

LIFE_S = 72 * 3600.0


@dataclass(frozen=True, slots=True)
class Invite:
    """A link that still works. ``handle`` None: whoever has it chooses a name."""

    id: int
    handle: str | None
    project: str
    roles: tuple[str, ...]


def invite(store: Store, *, project: str, roles: Sequence[str], handle: str | None = None) -> str:
    """The secret of a new link; it is kept as a digest. ``handle``: whose password it sets; None: a new account's."""
    secret = secrets.token_urlsafe(32)
    person = None if handle is None else find_person(store, handle=handle).id

    def write(connection: Connection) -> None:
        now = store.now(connection)
        insert_row(
            connection,
            schema.invite,
            reviewer_id=person,
            sha256=_digest(secret),
            project=project,
            roles=list(roles),
            created_at=now,
            expires_at=now + LIFE_S,
        )

    store.transact(write)
    return secret


def find(store: Store, secret: str) -> Invite:
    """The invitation of a link.

    Raises:
        NotFound: it was used, ran out, or never was.
    """
    table, people = schema.invite, schema.reviewer
    with store.read() as connection:
        found = select(table, people.c.handle).join(people, people.c.id == table.c.reviewer_id, isouter=True)
        row = connection.execute(found.where(table.c.sha256 == _digest(secret))).first()
        if row is None or row.used_at is not None or row.expires_at < store.now(connection):
            raise NotFound("this link was used or has run out; ask an admin for another, or start the server anew")
        return _invite(row)


def accept(store: Store, accounts: Accounts, secret: str, handle: str, password: str) -> str:
    """Make the account or set its password; the handle. The link is used up.

    Raises:
        NotFound: the link does not work any more.
        Refused: the name is taken, or the password too short.
    """
    found = find(store, secret)
    require_fit(password)
    name = found.handle or handle.strip()
    if found.handle is None:
        add_person(store, name, "setup")
    _use(store, found.id)
    for role in found.roles:
        grant(store, name, found.project, role, "setup")
    accounts.set_password(name, password)
    return name


def _use(store: Store, invite_id: int) -> None:
    """Only one of two who hold the link at once gets through."""
    table = schema.invite

    def mark(connection: Connection) -> int:
        unused = update(table).where(table.c.id == invite_id, table.c.used_at.is_(None))
        return int(connection.execute(unused.values(used_at=store.now(connection))).rowcount)

    if store.transact(mark) != 1:
        raise NotFound("this link was used already; ask an admin for another")


def _invite(row: Row[tuple[object, ...]]) -> Invite:
    return Invite(row.id, row.handle, row.project, tuple(row.roles))


def _digest(secret: str) -> str:
    return sha256(secret.encode("utf-8", "replace")).hexdigest()
