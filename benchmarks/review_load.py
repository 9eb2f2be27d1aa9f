"""Load on the review queue over HTTP: ``python benchmarks/review_load.py --spawn sqlite|postgres [--kill 50]``.

It fills a queue with items for two people each, starts ``traceeval serve``, lets reviewers judge all of it at once, each
a client of its own, and prints one JSON object. With ``--kill`` servers are killed (SIGKILL) at random moments, with
``--crash`` the database's is (``pg_ctl stop -m immediate``), and started again while clients repeat what was not
answered. ``--url URL --token-file F`` runs against a server that runs already: one reviewer a token, and every
acknowledged verdict is asked for again. Exit 1: something was lost or doubled.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parent.parent
PYTHON = ROOT / ".venv" / "bin" / "python"
sys.path.insert(0, str(ROOT))

if TYPE_CHECKING:
    from benchmarks._reviewers import History

QUEUE = "default"
PROCESSES = {"sqlite": 1, "postgres": 4}


def work(addresses: Sequence[str], tokens: Mapping[str, str], queue: str, history: History) -> float:
    """Everybody at once until nothing is left; seconds it took. When one fails everybody stops, and its error is raised."""
    from benchmarks._reviewers import review

    start = time.monotonic()
    with ThreadPoolExecutor(len(tokens)) as pool:
        jobs = [
            pool.submit(review, addresses[number % len(addresses)], token, who, queue, history)
            for number, (who, token) in enumerate(tokens.items())
        ]
        done, unfinished = wait(jobs, return_when=FIRST_EXCEPTION)
        if unfinished:
            history.halt.set()
        for job in done:
            job.result()
    return time.monotonic() - start


def spawned(
    engine: str, reviewers: int, items: int, kill: int, *, crash: int = 0, program: Sequence[str] = ()
) -> dict[str, object]:
    """Load on servers of our own; lost: acknowledged and not in the database, or not the only one there.

    ``kill``: how often a server is killed; ``crash``: how often the database's is.
    """
    from benchmarks._queue_server import SERVE, Servers, database, fill, keep_killing, stored
    from benchmarks._reviewers import History

    history, ended = History(), threading.Event()
    with database(engine) as (url, down):
        tokens = fill(url, items, reviewers)
        with Servers(url, PROCESSES[engine], program or SERVE) as servers, ThreadPoolExecutor(3) as beside:
            plans = [(servers.kill, kill), *([(down, crash)] if down else [])]
            killers = [
                beside.submit(keep_killing, do, count, lambda: len(history.latencies), 2 * items, ended)
                for do, count in plans
            ]
            watch = beside.submit(servers.watch, ended)
            watch.add_done_callback(history.stop)
            for killer in killers:
                killer.add_done_callback(history.stop)
            try:
                took = work(servers.addresses, tokens, QUEUE, history)
            finally:
                ended.set()
                watch.result()
                kills = sum(killer.result() for killer in killers)
        held, problem = stored(url)
    if problem is not None:
        raise SystemExit(f"the record does not hold: {problem}")
    lost = sum(held.get(slot) != [verdict] for slot, verdict in history.verdicts.items())
    return figures(history, sum(map(len, held.values())), lost + history.twice, kills, took)


def running(url: str, tokens: Mapping[str, str], queue: str) -> dict[str, object]:
    """Load on a server that runs already; lost: acknowledged, and not told again when asked with the same key."""
    from benchmarks._reviewers import History, replay

    history = History()
    took = work([url], tokens, queue, history)
    given = [one for one in history.taken if one.slot in history.verdicts]
    lost = sum(
        replay(url, token, [one for one in given if one.who == who], history.criteria, history)
        for who, token in tokens.items()
    )
    return figures(history, len(history.verdicts), lost + history.twice, 0, took)


def figures(history: History, verdicts: int, lost: int, kills: int, took: float) -> dict[str, object]:
    """What is printed."""
    return {
        "verdicts": verdicts,
        "lost": lost,
        "double_leases": history.double_leases,
        "same_person_twice": history.same_person_twice,
        "kills": kills,
        "submits_per_s": round(len(history.latencies) / took, 1),
        "p99_ms": history.p99_ms(),
    }


def main() -> int:
    """Run one load; 1 when something was lost or doubled."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--spawn", choices=sorted(PROCESSES))
    where.add_argument("--url")
    parser.add_argument("--token-file", type=Path)
    parser.add_argument("--queue", default=QUEUE, help="name of the queue, with --url")
    parser.add_argument("--reviewers", type=int, default=64)
    parser.add_argument("--items", type=int, default=10_000)
    parser.add_argument("--kill", type=int, default=0, metavar="N", help="kill a server N times")
    parser.add_argument("--crash", type=int, default=0, metavar="N", help="crash the database's server N times")
    options = parser.parse_args()
    if PYTHON.exists() and Path(sys.prefix).resolve() != (ROOT / ".venv").resolve():
        os.execv(PYTHON, [str(PYTHON), __file__, *sys.argv[1:]])
    if options.crash and options.spawn != "postgres":
        parser.error("--crash needs --spawn postgres: only that database has a server")
    if options.url and not options.token_file:
        parser.error("--url needs --token-file: tokens of reviewers, one a line")
    if options.url:
        from benchmarks._queue_server import read_tokens

        done = running(options.url.rstrip("/"), read_tokens(options.token_file), options.queue)
    else:
        done = spawned(options.spawn, options.reviewers, options.items, options.kill, crash=options.crash)
    print(json.dumps(done))
    return 1 if done["lost"] or done["double_leases"] or done["same_person_twice"] else 0


if __name__ == "__main__":
    sys.exit(main())
