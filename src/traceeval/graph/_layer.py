"""An index of what is wanted: where given keys stand in what was observed, found in one pass over the texts.

Keys are gathered first (``want``), so memory follows what is wanted and not how much was observed. Texts are read as far
as somebody asks: what came in after the last question is never read.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Hashable, Iterable
from operator import attrgetter
from typing import Generic, TypeVar

import msgspec

from traceeval.graph._observed import Observed
from traceeval.model import Trust

K = TypeVar("K", bound=Hashable)
EACH = 4
_NUMBER = attrgetter("number")


class Place(msgspec.Struct, frozen=True, gc=False):
    """A range of one observation, by its number, and the rung of the ladder by which the key stands there."""

    number: int
    start: int
    end: int
    match: str


class Layer(Generic[K]):
    """Places of keys. ``scan(text, keys)`` yields (key, start, end, match) of all wanted keys in one text.

    Of one observation the first place of a key is kept. ``only``: observations of that trust alone.
    """

    def __init__(
        self,
        observed: Observed,
        scan: Callable[[str, frozenset[K]], Iterable[tuple[K, int, int, str]]],
        *,
        only: Trust | None = None,
    ) -> None:
        self._observed = observed
        self._scan = scan
        self._only = only
        self._pending: set[K] = set()
        self._found: dict[K, dict[Trust, list[Place]]] = {}
        self._wanted: frozenset[K] = frozenset()
        self._read = 0
        self.passes = 0

    def want(self, keys: Iterable[K]) -> None:
        """Have these found in the next pass."""
        self._pending.update([key for key in keys if key not in self._found])

    def find(self, key: K, until: int) -> list[Place]:
        """Places in the first ``until`` observations: per trust the earliest and the latest few, in order."""
        if key not in self._found:
            self._take({key, *self._pending})
        if until > self._read:
            self._scan_between(self._wanted, self._read, until)
            self._read = until
        found: list[Place] = []
        for places in self._found[key].values():
            known = bisect_left(places, until, key=_NUMBER)
            found += places[:known] if known <= 2 * EACH else places[:EACH] + places[known - EACH : known]
        return found

    def _take(self, pending: set[K]) -> None:
        """Have more keys found, in what was read before too."""
        self._found.update((one, {}) for one in pending)
        self._wanted = frozenset(self._found)
        self._scan_between(frozenset(pending), 0, self._read)
        self._pending.clear()
        self.passes += 1

    def _scan_between(self, wanted: frozenset[K], first: int, last: int) -> None:
        for number, seen in enumerate(self._observed.observations[first:last], first):
            if self._only is None or seen.trust == self._only:
                for one, start, end, match in self._scan(seen.text, wanted):
                    places = self._found[one].setdefault(seen.trust, [])
                    if not places or places[-1].number != number:
                        places.append(Place(number, start, end, match))
