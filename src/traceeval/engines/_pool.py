"""A pool of processes that survives the death of a worker.

Batches are idempotent. When a worker dies the pool is made anew and the batches in flight run again, one at a time, so
that the one that kills is known; after ``tries`` deaths it is set aside as ``Lost``. Workers end with their parent.
"""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import chain, islice
from typing import Any

from traceeval.engines._engine import B, Lost, R

_work: Callable[[Any], Any] | None = None


class Pool:
    """``workers`` processes (default: one per core). A single batch runs in this process: starting up costs more."""

    def __init__(self, workers: int | None = None, *, tries: int = 3) -> None:
        self.workers = workers or os.cpu_count() or 1
        self.tries = tries

    def map(self, make: Callable[[], Callable[[B], R]], batches: Iterable[B]) -> Iterator[R | Lost]:
        """Results in order; ``2 * workers`` batches are in flight at most."""
        source = iter(batches)
        first = list(islice(source, 2))
        if len(first) < 2 or self.workers == 1:
            yield from map(make(), chain(first, source))
            return
        yield from self._spread(make, enumerate(chain(first, source)))

    def _spread(self, make: Callable[[], Callable[[B], R]], source: Iterator[tuple[int, B]]) -> Iterator[R | Lost]:
        pool = self._start(make)
        waiting: deque[tuple[int, B, Future[R]]] = deque()
        try:
            while True:
                for number, batch in islice(source, 2 * self.workers - len(waiting)):
                    waiting.append((number, batch, _submit(pool, batch)))
                if not waiting:
                    return
                number, batch, future = waiting.popleft()
                try:
                    result: R | Lost = future.result()
                except BrokenProcessPool:
                    pool.shutdown(wait=False, cancel_futures=True)
                    result = self._alone(make, number, batch)
                    pool = self._start(make)
                    waiting = deque((n, b, _submit(pool, b)) for n, b, _ in waiting)
                yield result
        finally:
            pool.shutdown(wait=False, cancel_futures=True)

    def _alone(self, make: Callable[[], Callable[[B], R]], number: int, batch: B) -> R | Lost:
        """Run one batch in a pool of its own, ``tries`` times at most."""
        for _ in range(self.tries):
            with ProcessPoolExecutor(1, _context(), initializer=_prepare, initargs=(make,)) as pool:
                try:
                    result: R = pool.submit(_run, batch).result()
                except BrokenProcessPool:
                    continue
                return result
        return Lost(number, f"worker died {self.tries} times on this batch")

    def _start(self, make: Callable[[], Callable[[B], R]]) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(self.workers, _context(), initializer=_prepare, initargs=(make,))


def _context() -> multiprocessing.context.SpawnContext:
    return multiprocessing.get_context("spawn")


def _prepare(make: Callable[[], Callable[[Any], Any]]) -> None:
    global _work
    import gc
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _work = make()
    gc.freeze()


def _end_with_parent() -> None:
    """A parent that was killed tells nobody, and its workers would wait for batches for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _submit(pool: ProcessPoolExecutor, batch: Any) -> Future[Any]:
    """Hand a batch over; a pool that broke meanwhile says so in the result, as it does for batches in flight."""
    try:
        return pool.submit(_run, batch)
    except BrokenProcessPool as error:
        broken: Future[Any] = Future()
        broken.set_exception(error)
        return broken


def _run(batch: Any) -> Any:
    if _work is None:
        raise RuntimeError("worker was not prepared")
    return _work(batch)
