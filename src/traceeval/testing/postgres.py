"""A private PostgreSQL cluster on a free port of 127.0.0.1, for tests and benchmarks: made, used, thrown away.

Nothing of a server that runs already is touched. PostgreSQL refuses to run as root, so root starts it as ``postgres``.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

_SERVER = "postgres"


def binaries() -> Path | None:
    """The folder of ``initdb`` and ``pg_ctl``, the newest Debian has or the one on the PATH; None: not installed."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    found = shutil.which("initdb") or (str(debian[-1]) if debian else None)
    return Path(found).resolve().parent if found else None


@dataclass(frozen=True, slots=True)
class Cluster:
    """A private server. ``url``: of an empty database, ``postgresql+psycopg://…``."""

    url: str
    start: Callable[[], None]
    stop: Callable[[], None]

    def crash(self) -> None:
        """Stop it in whatever it is doing, without a word to anybody, and start it again: it recovers from its log."""
        self.stop()
        self.start()


@contextmanager
def private_postgres(*, durable: bool = False) -> Iterator[str]:
    """Start a cluster; yields the ``postgresql+psycopg://`` URL of an empty database. ``durable``: with fsync.

    Raises:
        FileNotFoundError: PostgreSQL is not installed.
    """
    with private_cluster(durable=durable) as cluster:
        yield cluster.url


@contextmanager
def private_cluster(*, durable: bool = False) -> Iterator[Cluster]:
    """Start a cluster. ``durable``: with fsync.

    Raises:
        FileNotFoundError: PostgreSQL is not installed.
    """
    folder = binaries()
    if folder is None:
        raise FileNotFoundError("no initdb on the PATH or in /usr/lib/postgresql; apt-get install postgresql")
    with tempfile.TemporaryDirectory(prefix="te-pg-") as home:
        if os.geteuid() == 0:
            shutil.chown(home, _SERVER)
        data, port = f"{home}/data", _free_port()
        _run(folder / "initdb", "--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C", "-D", data)
        options = f"-p {port} -k {home} -c listen_addresses=127.0.0.1 -c max_connections=200"
        options += "" if durable else " -c fsync=off -c full_page_writes=off"
        control = (folder / "pg_ctl", "-D", data, "-w")
        cluster = Cluster(
            f"postgresql+psycopg://postgres@127.0.0.1:{port}/postgres",
            partial(_run, *control, "-o", options, "-l", f"{home}/log", "start"),
            partial(_run, *control, "-m", "immediate", "stop"),
        )
        cluster.start()
        try:
            yield cluster
        finally:
            cluster.stop()


def _run(*command: str | Path) -> None:
    words = [str(word) for word in command]
    if os.geteuid() == 0:
        words = ["runuser", "-u", _SERVER, "--", *words]
    done = subprocess.run(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, cwd="/", timeout=120, check=False)
    if done.returncode:
        raise OSError(f"{words[-1]}: {done.stderr.decode(errors='replace').strip()}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
