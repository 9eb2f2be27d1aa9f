"""In this process, one batch after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from traceeval.engines._engine import B, Lost, R


class Serial:
    """No workers: the simplest engine, and the one to debug with."""

    def map(self, make: Callable[[], Callable[[B], R]], batches: Iterable[B]) -> Iterator[R | Lost]:
        """Results in order."""
        return map(make(), batches)
