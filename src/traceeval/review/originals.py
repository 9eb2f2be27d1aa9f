"""Originals of redacted traces, in a store of their own with its own permission: a reveal has a reason and is logged.

The store is another file (readable by its owner only) or another database with credentials of its own: whoever runs the
queue need not be able to read it. Erasing a trace erases its original too.
"""

from __future__ import annotations

import os
import time
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, create_engine, delete, make_url, select
from sqlalchemy.exc import DatabaseError, SQLAlchemyError

from traceeval.errors import ConfigError, NotFound, StoreFailed
from traceeval.review import schema
from traceeval.review._rows import insert_new
from traceeval.review.lead import act, erase
from traceeval.review.store import Store


class Originals:
    """Where originals are kept: ``sqlite:///FILE`` or ``postgresql+psycopg://…``, not the queue's own."""

    def __init__(self, url: str) -> None:
        """Open it; a new file is readable by its owner only.

        Raises:
            ConfigError: the URL is of no engine we know.
            StoreFailed: it cannot be opened.
        """
        try:
            parsed = make_url(url)
            if parsed.get_backend_name() == "sqlite" and parsed.database:
                os.close(os.open(Path(parsed.database), os.O_CREAT | os.O_RDWR, 0o600))
            self._engine = create_engine(url)
            with self._engine.begin() as connection:
                schema.original.create(connection, checkfirst=True)
        except (OSError, DatabaseError) as error:
            raise StoreFailed(f"{url}: originals cannot be kept there: {error}") from error
        except SQLAlchemyError as error:
            raise ConfigError(f"{url}: no database address; write sqlite:///FILE or postgresql+psycopg://…") from error

    def keep(self, payloads: Mapping[str, bytes]) -> None:
        """Keep originals by the hash of their subject; what is there already stays."""
        rows = [
            {"subject_sha256": subject, "payload": zlib.compress(payload, 6), "at": time.time()}
            for subject, payload in payloads.items()
        ]
        with self._open() as connection:
            insert_new(connection, schema.original, rows)

    def get(self, subject_sha256: str) -> bytes:
        """One original.

        Raises:
            NotFound: it was never kept, or was erased.
        """
        table = schema.original
        with self._open() as connection:
            found = connection.execute(select(table.c.payload).where(table.c.subject_sha256 == subject_sha256)).scalar()
        if found is None:
            raise NotFound(f"no original of {subject_sha256[:12]}: it was never kept, or was erased")
        return zlib.decompress(found)

    def drop(self, subject_sha256: str) -> None:
        """Erase one for good; nothing happens where there is none."""
        with self._open() as connection:
            connection.execute(delete(schema.original).where(schema.original.c.subject_sha256 == subject_sha256))

    def close(self) -> None:
        """Give all connections back."""
        self._engine.dispose()

    @contextmanager
    def _open(self) -> Iterator[Connection]:
        try:
            with self._engine.begin() as connection:
                yield connection
        except DatabaseError as error:
            raise StoreFailed(f"the store of originals did not answer: {error.orig}; nothing was shown") from error


def reveal(store: Store, originals: Originals, subject_sha256: str, handle: str, reason: str) -> bytes:
    """The original of a trace, once it stands on record who asked and why: the record comes first.

    Raises:
        NotFound: there is no original; that somebody asked is on record all the same.
        Refused: no reason is given.
    """
    store.transact(lambda connection: act(store, connection, "reveal", f"subject:{subject_sha256}", handle, reason))
    return originals.get(subject_sha256)


def erase_everywhere(store: Store, originals: Originals | None, about: str, handle: str, reason: str) -> bool:
    """`erase`, and the original of a trace with it; False while a second person must ask too.

    Raises:
        NotFound, Refused: see `erase`.
    """
    if not erase(store, about, handle, reason):
        return False
    kind, _, name = about.partition(":")
    if originals is not None and kind == "subject":
        originals.drop(name)
    return True
