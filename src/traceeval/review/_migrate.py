"""Brings a database to the current schema; an existing SQLite file is backed up first."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from traceeval.errors import ReviewError


def upgrade(engine: Engine) -> None:
    """Run every missing migration in one transaction; a failed one rolls back.

    Raises:
        ReviewError: the database was written by a newer version.
    """
    config = Config()
    config.set_main_option("script_location", "traceeval.review:migrations")
    head = ScriptDirectory.from_config(config).get_current_head()
    with engine.connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    if current == head:
        return
    if current is not None and current > str(head):
        raise ReviewError(
            f"the queue has schema {current}, newer than {head}: upgrade traceeval; it is never downgraded"
        )
    if current is not None:
        _backup(engine)
    with engine.begin() as connection:
        _run(config, connection)


def _run(config: Config, connection: Connection) -> None:
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _backup(engine: Engine) -> None:
    """Copy a SQLite file by its backup API: copying the file beside a live WAL would corrupt it."""
    path = engine.url.database
    if engine.dialect.name != "sqlite" or not path or path == ":memory:" or not Path(path).exists():
        return
    with sqlite3.connect(path) as source, sqlite3.connect(f"{path}.before-migration") as target:
        source.backup(target)
