"""One server a SQLite file: several would wait for one another for seconds. The lock ends with the process."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import IO

from sqlalchemy import make_url

from traceeval.errors import ConfigError


def lock(url: str) -> IO[str] | None:
    """Take the lock beside a SQLite file and keep the handle open; None for a database server, which needs none.

    Raises:
        ConfigError: another server has it, or its folder is not there.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return None
    path = Path(f"{parsed.database}.serve")
    if not path.parent.is_dir():
        raise ConfigError(
            f"{path.parent}: no such folder; `traceeval evaluate --queue {url}` makes the queue in it, or make it"
        )
    handle = path.open("a+", encoding="utf-8")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        handle.seek(0)
        who = handle.read(20).strip()
        handle.close()
        raise ConfigError(
            f"{parsed.database} is served already, by process {who or 'unknown'}; stop that one first, or use PostgreSQL "
            "for several servers (--queue postgresql+psycopg://…)"
        ) from error
    handle.seek(0)
    handle.truncate()
    handle.write(str(os.getpid()))
    handle.flush()
    return handle
