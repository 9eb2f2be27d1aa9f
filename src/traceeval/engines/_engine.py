"""Where work runs. An engine maps a function over batches, in order, and knows nothing of either."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol, TypeVar

B = TypeVar("B")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Lost:
    """A batch that killed its worker again and again: set aside, named, never silently missing."""

    number: int
    why: str


class Engine(Protocol):
    """Runs ``make()`` once per worker to get the function, then the function on every batch."""

    def map(self, make: Callable[[], Callable[[B], R]], batches: Iterable[B]) -> Iterator[R | Lost]:
        """Results in the order of the batches; at most a few batches are held at a time."""
        ...
