"""Brings a database to the current schema: all of it or nothing, with a copy kept of an existing SQLite file.

A new database is made from the tables themselves; only one of an earlier version needs, and loads, the migrations.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    create_engine,
    event,
    insert,
    inspect,
    text,
)
from sqlalchemy.pool import NullPool

from traceeval.errors import StoreFailed
from traceeval.review._triggers import statements
from traceeval.review.ledger import GENESIS
from traceeval.review.schema import audit_head, meta

MIGRATIONS = "traceeval.review:migrations"
HEAD = "0003"
_LOCK = 0x7E5C0DE
_VERSION = Table(
    "alembic_version",
    MetaData(),
    Column("version_num", String(32)),
    PrimaryKeyConstraint("version_num", name="alembic_version_pkc"),
)


def upgrade(engine: Engine, reader: Engine, *, head: str = HEAD, location: str = MIGRATIONS) -> None:
    """Make what is missing in one transaction, by the migrations of ``location`` up to ``head``; a failure rolls back.

    ``reader`` is asked first, so that opening a current database takes no lock.

    Raises:
        StoreFailed: the database was written by a newer version, or is not ours.
    """
    with reader.connect() as connection:
        current = _revision(connection, head)
    if current == head:
        return
    if current is not None:
        _backup(engine, head)
    migrator = _migrator(engine)
    with migrator.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
        current = _revision(connection, head)
        if current == head:
            return
        if current is None:
            _create(connection)
        if current is not None or head != HEAD:
            migrate(connection, head, location)
        _finish(connection)


def migrate(connection: Connection, head: str = HEAD, location: str = MIGRATIONS) -> None:
    """Run every missing migration on a connection whose transaction is open."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", location)
    config.attributes["connection"] = connection
    command.upgrade(config, head)


def _revision(connection: Connection, head: str) -> str | None:
    """The schema it has now, None for an empty database."""
    tables = inspect(connection).get_table_names()
    found = connection.execute(_VERSION.select()).scalar() if _VERSION.name in tables else None
    where = connection.engine.url.render_as_string()
    if found is None and tables:
        raise StoreFailed(f"{where} holds other tables and no queue; name another file or database")
    if found is not None and found > head:
        raise StoreFailed(f"{where} has schema {found}, newer than {head}: upgrade traceeval; it is never downgraded")
    return found


def _create(connection: Connection) -> None:
    """The present schema in an empty database."""
    meta.create_all(connection, checkfirst=False)
    _VERSION.create(connection)
    connection.execute(insert(_VERSION).values(version_num=HEAD))
    connection.execute(insert(audit_head).values(id=1, seq=0, hash=GENESIS))


def _finish(connection: Connection) -> None:
    for statement in statements(connection.dialect.name):
        connection.execute(text(statement))
    if connection.dialect.name == "sqlite" and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
        raise StoreFailed("the migration broke a reference; nothing was changed")


def _migrator(engine: Engine) -> Engine:
    """SQLite rebuilds tables to alter them, which enforced references would refuse half-way."""
    if engine.dialect.name != "sqlite":
        return engine
    migrator = create_engine(engine.url, poolclass=NullPool, connect_args={"timeout": 30})

    def prepare(connection: sqlite3.Connection, record: object) -> None:
        connection.isolation_level = None
        for setting in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=OFF"):
            connection.execute(f"PRAGMA {setting}")

    event.listen(migrator, "connect", prepare)
    event.listen(migrator, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    return migrator


def _backup(engine: Engine, head: str) -> None:
    """Copy a SQLite file by its backup API: copying the file beside a live WAL would corrupt it."""
    if engine.dialect.name != "sqlite":
        return
    path = Path(str(engine.url.database))
    source, target = sqlite3.connect(path), sqlite3.connect(path.with_name(f"{path.name}.before-{head}"))
    try:
        source.backup(target)
    finally:
        source.close()
        target.close()
