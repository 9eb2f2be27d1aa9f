"""A copy of a queue that is whole, made while it is in use, and verified before it is called one.

SQLite: the backup API, never a copy of the file, which a live write-ahead log would corrupt. PostgreSQL: ``pg_dump`` in
its own format, for ``pg_restore``; its password goes by the environment, never on the command line.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL, make_url

from traceeval.errors import ConfigError, OutputExists, StoreFailed
from traceeval.review.store import Store
from traceeval.review.verify import Verification, verify

_PAGES = 1000


@dataclass(frozen=True, slots=True)
class Backup:
    """A copy. ``verified``: what its own record says; None for PostgreSQL, whose dump must be restored to be asked."""

    path: Path
    size: int
    verified: Verification | None


def backup(url: str, out: Path, *, environment: Mapping[str, str] | None = None) -> Backup:
    """Copy the queue at ``url`` to ``out``, which must not be there. ``environment``: for ``pg_dump``; None is empty.

    Raises:
        OutputExists: there is something at ``out``.
        ConfigError: PostgreSQL's ``pg_dump`` is not installed.
        NotFound: there is no such queue.
        StoreFailed: the copy could not be written, or its record does not hold.
    """
    if out.exists():
        raise OutputExists(f"{out} is there already; a backup replaces nothing, name another file")
    Store(url, create=False).close()
    parsed = make_url(url)
    partial = out.with_name(f"{out.name}.tmp")
    try:
        if parsed.get_backend_name() == "postgresql":
            _dump(parsed, partial, environment or {})
            found = None
        else:
            _copy(Path(str(parsed.database)), partial)
            found = _verified(partial)
        _sync(partial)
        partial.replace(out)
    except (OSError, sqlite3.Error) as error:
        partial.unlink(missing_ok=True)
        raise StoreFailed(f"{out}: no backup was made: {error}") from error
    return Backup(out, out.stat().st_size, found)


def _copy(source: Path, target: Path) -> None:
    """Page by page, so that whoever writes meanwhile waits for moments only; then one file without a log."""
    target.unlink(missing_ok=True)
    with closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as one, closing(sqlite3.connect(target)) as other:
        one.backup(other, pages=_PAGES)
        other.execute("PRAGMA journal_mode=DELETE")
        broken = other.execute("PRAGMA integrity_check").fetchone()[0]
    if broken != "ok":
        raise StoreFailed(f"{source}: the copy is damaged: {broken}")


def _verified(copy: Path) -> Verification:
    """The copy's record, walked in the copy."""
    store = Store(f"sqlite:///{copy}", create=False)
    try:
        found = verify(store)
    finally:
        store.close()
    for suffix in ("-wal", "-shm"):
        copy.with_name(copy.name + suffix).unlink(missing_ok=True)
    if found.problem is not None:
        raise StoreFailed(f"{copy}: the record does not hold: {found.problem}; `traceeval audit verify` says more")
    return found


def _dump(url: URL, out: Path, environment: Mapping[str, str]) -> None:
    program = shutil.which("pg_dump")
    if program is None:
        raise ConfigError(
            "pg_dump is not installed: apt-get install postgresql-client, of the server's version or newer"
        )
    address = url.set(drivername="postgresql", password=None).render_as_string(hide_password=False)
    secret = {"PGPASSWORD": url.password} if url.password else {}
    command = [program, "--format=custom", "--no-owner", "--no-privileges", f"--file={out}", f"--dbname={address}"]
    done = subprocess.run(command, env={**environment, **secret}, capture_output=True, text=True, check=False)
    if done.returncode:
        out.unlink(missing_ok=True)
        raise StoreFailed(f"pg_dump failed: {done.stderr.strip()}")


def _sync(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())
