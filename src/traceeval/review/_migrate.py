"""Brings a database to the current schema: all of it or nothing, with a copy kept of an existing SQLite file."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.pool import NullPool

from traceeval.errors import StoreFailed
from traceeval.review._triggers import statements

MIGRATIONS = "traceeval.review:migrations"
_LOCK = 0x7E5C0DE


def upgrade(engine: Engine, reader: Engine, location: str = MIGRATIONS) -> None:
    """Run every missing migration in one transaction and restore the triggers; a failed one rolls back.

    ``reader`` is asked first, so that opening a current database takes no lock.

    Raises:
        StoreFailed: the database was written by a newer version, or is not ours.
    """
    config = Config()
    config.set_main_option("script_location", location)
    head = str(ScriptDirectory.from_config(config).get_current_head())
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
        if _revision(connection, head) != head:
            _run(config, connection)


def _revision(connection: Connection, head: str) -> str | None:
    """The schema it has now, None for an empty database."""
    found = MigrationContext.configure(connection).get_current_revision()
    where = connection.engine.url.render_as_string()
    if found is None and inspect(connection).get_table_names():
        raise StoreFailed(f"{where} holds other tables and no queue; name another file or database")
    if found is not None and found > head:
        raise StoreFailed(f"{where} has schema {found}, newer than {head}: upgrade traceeval; it is never downgraded")
    return found


def _run(config: Config, connection: Connection) -> None:
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
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
