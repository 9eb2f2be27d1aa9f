"""Accounts and what they may do where. Every grant and every account is an event of the chain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, delete, select, update

from traceeval.errors import NotFound, Refused
from traceeval.review import ledger, schema
from traceeval.review._languages import canonical
from traceeval.review._rows import insert_row
from traceeval.review._rows import person as person_row
from traceeval.review.store import Store

Grant = tuple[str, str]
_GRANTS = (
    select(schema.role_grant.c.project, schema.role_grant.c.role)
    .where(schema.role_grant.c.reviewer_id == bindparam("me"))
    .order_by(schema.role_grant.c.id)
)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with an account. ``grants``: (project, role), ``*`` for every project; empty: may do nothing."""

    id: int
    handle: str
    langs: tuple[str, ...]
    tags: tuple[str, ...]
    grants: tuple[Grant, ...]
    disabled: bool
    has_password: bool
    oidc_sub: str | None


def people(store: Store) -> list[Person]:
    """Everybody, by handle."""
    table = schema.reviewer
    with store.read() as connection:
        rows = connection.execute(select(table).order_by(table.c.handle)).all()
        return [person_of(connection, row) for row in rows]


def find_person(
    store: Store, *, handle: str | None = None, person: int | None = None, sub: str | None = None
) -> Person:
    """One account, by handle, id or OpenID subject.

    Raises:
        NotFound: there is none.
    """
    table = schema.reviewer
    wanted = {table.c.handle: handle, table.c.id: person, table.c.oidc_sub: sub}
    with store.read() as connection:
        where = [column == value for column, value in wanted.items() if value is not None]
        row = connection.execute(select(table).where(*where)).first()
        if row is None or not where:
            raise NotFound("there is no such account; an admin makes one")
        return person_of(connection, row)


def person_of(connection: Connection, row: Row[Any]) -> Person:
    """The account of a reviewer's row, with what it may do."""
    grants = tuple((project, role) for project, role in connection.execute(_GRANTS, {"me": row.id}))
    return Person(
        row.id,
        row.handle,
        tuple(row.langs),
        tuple(row.tags),
        grants,
        row.disabled_at is not None,
        row.pw_argon2id is not None,
        row.oidc_sub,
    )


def add_person(
    store: Store, handle: str, by: str, *, langs: Sequence[str] = (), tags: Sequence[str] = (), sub: str | None = None
) -> Person:
    """A new account without a role.

    Raises:
        Refused: the handle is taken or is none.
    """

    def add(connection: Connection) -> int:
        table, now = schema.reviewer, store.now(connection)
        taken = connection.execute(select(table.c.id).where(table.c.handle == handle)).first() is not None
        if taken or handle == ledger.SYSTEM:
            raise Refused(f"{handle} has an account already; choose another name")
        row = person_row(connection, handle, now)
        values = {"langs": [canonical(lang) for lang in langs], "tags": list(tags), "oidc_sub": sub}
        connection.execute(update(table).where(table.c.id == row.id).values(**values))
        ledger.append(connection, now, by, "account", f"reviewer:{row.id}", ledger.digest([row.id]))
        return int(row.id)

    return find_person(store, person=store.transact(add))


def grant(store: Store, handle: str, project: str, role: str, by: str) -> None:
    """Give a role; given twice it is one."""

    def give(connection: Connection) -> None:
        now, table = store.now(connection), schema.role_grant
        me = person_row(connection, handle, now).id
        held = and_(table.c.reviewer_id == me, table.c.project == project, table.c.role == role)
        if connection.execute(select(table.c.id).where(held)).first() is None:
            insert_row(connection, table, reviewer_id=me, project=project, role=role)
            ledger.append(connection, now, by, "grant", f"reviewer:{me}", ledger.digest([me, project, role]))

    store.transact(give)


def revoke(store: Store, handle: str, project: str, role: str, by: str) -> None:
    """Take a role back; it is gone with the next request."""

    def take(connection: Connection) -> None:
        now, table = store.now(connection), schema.role_grant
        me = person_row(connection, handle, now).id
        held = and_(table.c.reviewer_id == me, table.c.project == project, table.c.role == role)
        if connection.execute(delete(table).where(held)).rowcount:
            ledger.append(connection, now, by, "revoke", f"reviewer:{me}", ledger.digest([me, project, role]))

    store.transact(take)


def disable(store: Store, handle: str, by: str, *, disabled: bool = True) -> None:
    """Shut an account, or open it again. What it said stays on record."""

    def shut(connection: Connection) -> None:
        table, now = schema.reviewer, store.now(connection)
        found = connection.execute(select(table.c.id).where(table.c.handle == handle)).first()
        if found is None:
            raise NotFound(f"{handle} has no account")
        value = now if disabled else None
        connection.execute(update(table).where(table.c.id == found.id).values(disabled_at=value))
        action = "disable" if disabled else "enable"
        ledger.append(connection, now, by, action, f"reviewer:{found.id}", ledger.digest([found.id, action]))

    store.transact(shut)


def set_password_hash(store: Store, handle: str, hashed: str) -> None:
    """Keep the argon2id hash of a new password; sessions begun under the old one end."""

    def keep(connection: Connection) -> None:
        table, now = schema.reviewer, store.now(connection)
        me = person_row(connection, handle, now).id
        connection.execute(update(table).where(table.c.id == me).values(pw_argon2id=hashed))
        connection.execute(delete(schema.session).where(schema.session.c.reviewer_id == me))
        ledger.append(connection, now, handle, "password", f"reviewer:{me}", ledger.digest([me]))

    store.transact(keep)


def password_hash(store: Store, handle: str) -> str | None:
    """The stored hash; None: no such account, no password, or disabled."""
    table = schema.reviewer
    with store.read() as connection:
        live = and_(table.c.handle == handle, table.c.disabled_at.is_(None))
        return connection.execute(select(table.c.pw_argon2id).where(live)).scalar()


def has_accounts(store: Store) -> bool:
    """Whether anybody can sign in."""
    table = schema.reviewer
    with store.read() as connection:
        usable = (table.c.pw_argon2id.is_not(None)) | (table.c.oidc_sub.is_not(None))
        return connection.execute(select(table.c.id).where(usable)).first() is not None
