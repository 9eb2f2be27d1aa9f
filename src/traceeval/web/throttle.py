"""How often a name may be guessed at: ten failures a minute, by name and by address, whichever process is asked."""

from __future__ import annotations

from sqlalchemy import Connection, delete, func, insert, select

from traceeval.review import Store, schema

LIMIT, WINDOW_S, MOST = 10, 60.0, 200


def wait_s(store: Store, *names: str) -> float:
    """Count one attempt for each name; 0 when it may be made, else seconds until the next may."""
    names = tuple(name[:MOST] for name in names)
    with store.read() as connection:
        left = _left(connection, store.now(connection), names)
    return left or store.transact(lambda connection: _count(connection, store, names))


def forgive(store: Store, *names: str) -> None:
    """Forget the attempts of these names: one succeeded."""
    gone = delete(schema.login_attempt).where(schema.login_attempt.c.who.in_([name[:MOST] for name in names]))
    store.transact(lambda connection: connection.execute(gone))


def _count(connection: Connection, store: Store, names: tuple[str, ...]) -> float:
    table, now = schema.login_attempt, store.now(connection)
    connection.execute(delete(table).where(table.c.at <= now - WINDOW_S))
    left = _left(connection, now, names)
    if not left:
        connection.execute(insert(table), [{"who": name, "at": now} for name in names])
    return left


def _left(connection: Connection, now: float, names: tuple[str, ...]) -> float:
    table = schema.login_attempt
    recent = select(func.count(), func.min(table.c.at)).where(table.c.who.in_(names), table.c.at > now - WINDOW_S)
    counts = connection.execute(recent.group_by(table.c.who)).all()
    return max((first + WINDOW_S - now for count, first in counts if count >= LIMIT), default=0.0)
