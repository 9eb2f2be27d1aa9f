"""Servers to be measured and killed: a filled queue, people with tokens, processes of ``traceeval serve``."""

from __future__ import annotations

import os
import random
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from itertools import islice
from pathlib import Path

import msgspec
from sqlalchemy import select

from traceeval.review import Settings, Store, Unit, create_queue, enqueue, schema, verify
from traceeval.review.people import add_person, grant
from traceeval.testing import model, trace, user
from traceeval.testing.postgres import private_cluster
from traceeval.web.tokens import issue

QUEUE = "default"
SERVE = (sys.executable, "-m", "traceeval", "serve")
START_S = 120.0
PORTS = range(20_000, 30_000)


@contextmanager
def database(engine: str) -> Iterator[tuple[str, Callable[[], None] | None]]:
    """The URL of an empty, durable database of that engine, and what crashes its server; None: it has none."""
    if engine == "postgres":
        with private_cluster(durable=True) as cluster:
            yield cluster.url, cluster.crash
        return
    with tempfile.TemporaryDirectory(prefix="traceeval-load-") as folder:
        yield f"sqlite:///{folder}/review.db", None


def fill(url: str, items: int, reviewers: int) -> dict[str, str]:
    """A queue of ``items`` for two people each, without rechecks; the people: handle -> token."""
    store = Store(url)
    create_queue(store, QUEUE, "lead", settings=Settings(recheck_share=0.0, overlap=0.0, watch=False, seed="load"))
    units = map(_unit, range(items))
    enqueue(store, units, queue=QUEUE, frame_sha256="a" * 64, frame_size=items, seed="load", plan={})
    tokens = {}
    for number in range(reviewers):
        person = add_person(store, f"reviewer-{number}", "system")
        grant(store, person.handle, "*", "reviewer", "system")
        tokens[person.handle] = issue(store, person.id, "system", name="load", scopes=("read", "see", "review"))
    store.close()
    return tokens


def _unit(number: int) -> Unit:
    sample = trace(user(f"question {number}"), model(f"answer {number}"), id=f"t{number}", answer=f"answer {number}")
    digest = sha256(str(number).encode()).hexdigest()
    return Unit(
        trace=sample.id,
        sha256=digest,
        level=1.0 - number / 1e9,
        floor=5,
        pi=1.0,
        u=0.0,
        k=2,
        safety=False,
        reasons=(),
        payload=msgspec.json.encode(sample),
    )


class Servers:
    """Processes that serve one database, each on a port of its own that it keeps when it is started again."""

    def __init__(self, url: str, count: int, program: Sequence[str] = SERVE) -> None:
        """``program``: what is started, with ``--queue`` and ``--port`` behind it."""
        self._url, self._program = url, tuple(program)
        self._ports = _free_ports(count)
        self._processes: list[subprocess.Popen[bytes]] = []
        self._rng, self._lock = random.Random(2), threading.Lock()

    @property
    def addresses(self) -> list[str]:
        """One a process."""
        return [f"http://127.0.0.1:{port}" for port in self._ports]

    @property
    def pids(self) -> list[int]:
        """Of the processes, in the order of their addresses."""
        return [process.pid for process in self._processes]

    def __enter__(self) -> Servers:
        """Start all of them and wait until they answer."""
        self._processes = [self._start(port) for port in self._ports]
        for at in range(len(self._ports)):
            self._wait(at)
        return self

    def __exit__(self, *error: object) -> None:
        """End what was started."""
        for process in self._processes:
            process.kill()
            process.wait()

    def kill(self) -> None:
        """SIGKILL one of them in whatever it is doing, and start it again; if it is still starting it is waited for first.

        Raises:
            RuntimeError: one that was started does not answer.
        """
        at = self._rng.randrange(len(self._ports))
        self._wait(at)
        with self._lock:
            self._processes[at].kill()
            self._processes[at].wait()
            self._processes[at] = self._start(self._ports[at])

    def watch(self, ended: threading.Event) -> None:
        """Look after them until nobody works any more.

        Raises:
            RuntimeError: one ended that nobody killed.
        """
        while not ended.wait(0.2):
            with self._lock:
                for process in self._processes:
                    _alive(process)

    def _start(self, port: int) -> subprocess.Popen[bytes]:
        command = [*self._program, "--queue", self._url, "--port", str(port)]
        told = {**os.environ, "PYTHONFAULTHANDLER": "1"}  # a server that crashes says where
        return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=sys.stderr, env=told)

    def _wait(self, at: int) -> None:
        """Until it answers anything at all.

        Raises:
            RuntimeError: it ended, or took two minutes.
        """
        left = time.monotonic() + START_S
        while time.monotonic() < left:
            _alive(self._processes[at])
            try:
                urllib.request.urlopen(f"{self.addresses[at]}/healthz", timeout=5).close()
                return
            except urllib.error.HTTPError:
                return
            except OSError:
                time.sleep(0.05)
        raise RuntimeError("the server does not answer")


def _alive(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is not None:
        raise RuntimeError(f"the server ended with {process.returncode}")


def _free_ports(count: int) -> list[int]:
    """Ports below those the system gives to whoever asks for any: nobody takes one while its server is down."""
    return list(islice(filter(_is_free, random.sample(PORTS, len(PORTS))), count))


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def keep_killing(
    kill: Callable[[], None], count: int, acknowledged: Callable[[], int], expected: int, ended: threading.Event
) -> int:
    """Kill at a random moment ``count`` times, spread over the work; how often it was. ``ended``: nobody works any more.

    Raises:
        RuntimeError: what was killed did not come back.
    """
    rng, killed = random.Random(1), 0
    for number in range(1, count + 1):
        while acknowledged() < number * expected // (count + 1) and not ended.wait(0.005):
            pass
        time.sleep(rng.uniform(0, 0.05))
        if not ended.is_set():
            kill()
            killed += 1
    return killed


def stored(url: str) -> tuple[dict[str, list[str]], str | None]:
    """What the database holds, slot -> verdicts, and what is wrong with its record (None: nothing)."""
    store = Store(url, create=False)
    held: dict[str, list[str]] = {}
    with store.read() as connection:
        for row in connection.execute(select(schema.verdict.c.slot_id, schema.verdict.c.uuid)):
            held.setdefault(str(row.slot_id), []).append(row.uuid)
    problem = verify(store).problem
    store.close()
    return held, problem


def read_tokens(path: Path) -> dict[str, str]:
    """Tokens of reviewers, one a line; a reviewer's name in a run is its line."""
    lines = [line.strip() for line in path.read_text(encoding="utf-8").splitlines()]
    return {f"line {number}": line for number, line in enumerate(lines, 1) if line}
