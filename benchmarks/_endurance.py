"""A server under steady work for minutes: whether its memory grows, how large its write-ahead log gets, what failed."""

from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path

import numpy as np

WARM = 0.2  # of the time: caches fill and pools grow once


@dataclass(frozen=True, slots=True)
class Endured:
    """``growth``: MB of resident memory a minute, once warm; ``wal``: the largest log in MB; ``repeated``: no answer or 5xx."""

    verdicts: int
    repeated: int
    growth: float
    wal: float


def endure(
    folder: Path, reviewers: int, items: int, seconds: float, think_s: float, program: Sequence[str] = ()
) -> Endured:
    """Let people judge on one SQLite server for so long, each with ``think_s`` seconds between claim and submit.

    ``program``: what serves; empty: ``traceeval serve``.

    Raises:
        RuntimeError: a reviewer was refused, or the server ended.
    """
    from benchmarks._queue_server import QUEUE, SERVE, Servers, fill
    from benchmarks._reviewers import History, review

    history, path = History(), folder / "review.db"
    tokens = fill(f"sqlite:///{path}", items, reviewers)
    with Servers(f"sqlite:///{path}", 1, program or SERVE) as servers, ThreadPoolExecutor(reviewers) as pool:
        begin = time.monotonic()
        pace = {"think_s": think_s, "until": begin + seconds}
        jobs = [
            pool.submit(review, servers.addresses[0], token, who, QUEUE, history, **pace)
            for who, token in tokens.items()
        ]
        samples, wal = [], 0
        while wait(jobs, timeout=seconds / 200).not_done:
            samples.append((time.monotonic() - begin, resident(servers.pids[0])))
            wal = max(wal, path.with_name("review.db-wal").stat().st_size)
        for job in jobs:
            job.result()
    return Endured(len(history.verdicts), history.repeated, growth(samples), wal / 2**20)


def resident(pid: int) -> float:
    """Resident memory of a process in MB (Linux)."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


def growth(samples: Sequence[tuple[float, float]]) -> float:
    """MB a minute by least squares over ``(seconds, MB)``, what was seen while warming up left out."""
    seconds, size = np.asarray(samples, dtype=float).T
    warm = seconds >= WARM * seconds[-1]
    return float(np.polyfit(seconds[warm], size[warm], 1)[0] * 60)
