"""Engines and transactions. Every change is one short transaction; the server's clock is the only clock."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, Table, create_engine, event, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.pool import QueuePool

from traceeval.errors import ConfigError, ReviewError
from traceeval.review import schema
from traceeval.review._migrate import upgrade

Clock = Callable[[], float]


def steady_clock() -> Clock:
    """Wall time at the start plus monotonic time since: a clock set back never revives a lease."""
    wall, start = time.time(), time.monotonic()
    return lambda: wall + time.monotonic() - start


class Store:
    """A queue database: ``sqlite:///file`` for one server process, ``postgresql+psycopg://…`` for teams."""

    def __init__(self, url: str, *, clock: Clock | None = None) -> None:
        """Open and, where needed, create or migrate the database.

        Raises:
            ConfigError: the URL is of no engine we know, or its driver is missing.
            ReviewError: the database cannot be opened.
        """
        self.url = url
        self.clock = clock or steady_clock()
        self._lock = threading.RLock()
        try:
            self.engine = _engine(url)
            upgrade(self.engine)
        except OperationalError as error:
            raise ReviewError(f"{url}: the queue cannot be opened: {error.orig}") from error
        except ModuleNotFoundError as error:
            raise ConfigError(f"{url}: {error.name} is missing; pip install 'traceeval[postgres]'") from error

    @property
    def is_sqlite(self) -> bool:
        """Whether this is a file for one process."""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that holds the write lock from its first statement; rolled back on any error."""
        if not self.is_sqlite:
            with self.engine.begin() as connection:
                yield connection
            return
        with self._lock, self.engine.connect() as connection:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                connection.exec_driver_sql("ROLLBACK")
                raise
            connection.exec_driver_sql("COMMIT")

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A consistent view; nothing can be written through it."""
        with self.engine.connect() as connection:
            if self.is_sqlite:
                connection.exec_driver_sql("PRAGMA query_only=ON")
                connection.exec_driver_sql("BEGIN")
                try:
                    yield connection
                finally:
                    connection.exec_driver_sql("ROLLBACK")
                    connection.exec_driver_sql("PRAGMA query_only=OFF")
            else:
                with connection.begin():
                    connection.execute(text("SET TRANSACTION READ ONLY"))
                    yield connection

    def now(self, connection: Connection) -> float:
        """The server's time: PostgreSQL's own, or this process's for SQLite."""
        if self.is_sqlite:
            return self.clock()
        return float(connection.execute(text("SELECT extract(epoch FROM clock_timestamp())")).scalar_one())

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()


def _engine(url: str) -> Engine:
    if url.startswith("postgresql"):
        return create_engine(url, pool_pre_ping=True)
    if not url.startswith("sqlite"):
        raise ConfigError(f"{url}: write sqlite:///FILE or postgresql+psycopg://…")
    try:
        engine = create_engine(
            url, poolclass=QueuePool, pool_size=8, connect_args={"timeout": 30, "check_same_thread": False}
        )
    except SQLAlchemyError as error:
        raise ConfigError(f"{url}: {error}; write sqlite:///FILE") from error
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_nothing)
    return engine


def _prepare_sqlite(connection: Any, record: Any) -> None:
    """Durable, enforced, and with triggers that see what REPLACE deletes."""
    connection.isolation_level = None  # transactions are begun in so many words
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "busy_timeout=30000",
        "foreign_keys=ON",
        "recursive_triggers=ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_nothing(connection: Connection) -> None:
    """SQLAlchemy's implicit begin says nothing to the driver: ``write`` and ``read`` begin themselves."""


def insert_new(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> int:
    """Insert the rows that are not there yet; how many were new."""
    if not rows:
        return 0
    make = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    statement = make(table).on_conflict_do_nothing()
    return max(connection.execute(statement, rows).rowcount, 0)


def person(connection: Connection, handle: str, now: float) -> int:
    """The reviewer of that handle, created on first use.

    Raises:
        ReviewError: the account is disabled.
    """
    insert_new(connection, schema.reviewer, [{"handle": handle, "langs": [], "tags": [], "created_at": now}])
    row = connection.execute(select(schema.reviewer).where(schema.reviewer.c.handle == handle)).one()
    if row.disabled_at is not None:
        raise ReviewError(f"{handle} is disabled; ask a lead")
    return int(row.id)
