"""Engines and transactions. Every change is one short transaction; the server's clock is the only clock."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import DatabaseError, IntegrityError, OperationalError, SQLAlchemyError
from sqlalchemy.pool import QueuePool

from traceeval.errors import ConfigError, MissingExtra, NotFound, StoreFailed
from traceeval.review import ledger
from traceeval.review._migrate import upgrade

Clock = Callable[[], float]
T = TypeVar("T")
ATTEMPTS = 5
BUSY_S = 30
_NOW = "SELECT extract(epoch FROM clock_timestamp())"
_TRY_AGAIN = ("40001", "40P01")  # serialisation failure, deadlock: PostgreSQL asks the client to repeat


def steady_clock() -> Clock:
    """Wall time at the start plus monotonic time since: a clock set back never revives a lease."""
    wall, start = time.time(), time.monotonic()
    return lambda: wall + time.monotonic() - start


class Store:
    """A queue database: ``sqlite:///FILE`` for one server process, ``postgresql+psycopg://…`` for teams."""

    def __init__(self, url: str, *, clock: Clock | None = None, create: bool = True) -> None:
        """Open and migrate the database. ``clock``: for tests; None is the server's own time.

        Raises:
            ConfigError: the URL is of no engine we know.
            MissingExtra: its driver is not installed.
            NotFound: there is no such file, and ``create`` is off.
            StoreFailed: it cannot be opened, or holds something else.
        """
        self.url = url
        self._clock = clock
        self._writer, self._reader = _engines(url, create)
        self._lock: AbstractContextManager[Any] = nullcontext()
        if self.is_sqlite:
            self._clock = clock or steady_clock()
            self._lock = threading.Lock()
        try:
            upgrade(self._writer, self._reader)
        except DatabaseError as error:
            self.close()
            raise StoreFailed(f"{self}: the queue cannot be opened: {error.orig}") from error
        except StoreFailed:
            self.close()
            raise

    def __str__(self) -> str:
        """The address without its password."""
        return self._writer.url.render_as_string(hide_password=True)

    @property
    def is_sqlite(self) -> bool:
        """Whether this is a file for one process."""
        return self._writer.dialect.name == "sqlite"

    def transact(self, work: Callable[[Connection], T]) -> T:
        """The result of ``work`` once it is durable; nothing of it is stored when it raises.

        On SQLite the write lock is held from the first statement; on PostgreSQL deadlocks are repeated.

        Raises:
            StoreFailed: disk full, read-only, connection lost: repeat with the same idempotency key.
        """
        for left in reversed(range(ATTEMPTS)):
            try:
                with self._lock, self._writer.begin() as connection:
                    done = work(ledger.opened(connection))
                    ledger.seal(connection)
                return done
            except IntegrityError:
                raise
            except OperationalError as error:
                if left == 0 or getattr(error.orig, "sqlstate", None) not in _TRY_AGAIN:
                    raise StoreFailed(f"{self}: not stored: {error.orig}; repeat it with the same key") from error
        raise StoreFailed(f"{self}: not stored: too busy; repeat it with the same key")

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A consistent view; nothing can be written through it."""
        with self._reader.begin() as connection:
            yield connection

    def now(self, connection: Connection) -> float:
        """The server's time. PostgreSQL's ``now()`` would stand still inside a transaction."""
        if self._clock is not None:
            return self._clock()
        return float(connection.exec_driver_sql(_NOW).scalar_one())

    def close(self) -> None:
        """Give all connections back."""
        self._writer.dispose()
        self._reader.dispose()


def _engines(url: str, create: bool) -> tuple[Engine, Engine]:
    """One to write and one that only reads: on SQLite a shared one would take the write lock for every read."""
    try:
        parsed = make_url(url)
    except SQLAlchemyError as error:
        raise ConfigError(f"{url}: no database address; write sqlite:///FILE or postgresql+psycopg://…") from error
    if parsed.get_backend_name() == "postgresql":
        return _postgresql(url)
    if parsed.get_backend_name() != "sqlite" or parsed.database in (None, "", ":memory:"):
        raise ConfigError(f"{url}: a queue lives in a file or a server; write sqlite:///FILE or postgresql+psycopg://…")
    if not create and not Path(str(parsed.database)).exists():
        raise NotFound(f"{url}: no such file; `traceeval evaluate` makes the queue, --queue names it")
    return _sqlite(url, "BEGIN IMMEDIATE", 1), _sqlite(url, "BEGIN", 8, "query_only=ON")


def _postgresql(url: str) -> tuple[Engine, Engine]:
    try:
        writer = create_engine(url, pool_pre_ping=True, pool_size=16, max_overflow=48)
    except ModuleNotFoundError as error:
        raise MissingExtra(f"{error.name} is needed for PostgreSQL; pip install 'traceeval[postgres]'") from error
    return writer, writer.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


def _sqlite(url: str, begin: str, size: int, *pragmas: str) -> Engine:
    arguments = {"timeout": BUSY_S, "check_same_thread": False}
    engine = create_engine(url, poolclass=QueuePool, pool_size=size, max_overflow=0, connect_args=arguments)
    settings = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "recursive_triggers=ON", *pragmas)

    def prepare(connection: Any, record: Any) -> None:
        """Durable, enforced, and with triggers that see what REPLACE deletes."""
        connection.isolation_level = None  # the driver begins nothing by itself
        for setting in settings:
            connection.execute(f"PRAGMA {setting}")

    event.listen(engine, "connect", prepare)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql(begin))
    return engine
