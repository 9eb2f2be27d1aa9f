"""An index of what is wanted: where given keys stand in what was observed, found in one pass over all texts.

Keys are gathered first (``want``), so memory follows what is wanted and not how much was observed.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import Generic, TypeVar

import msgspec

from traceeval.graph._observed import Observed
from traceeval.model import Trust

K = TypeVar("K", bound=Hashable)
EACH = 4


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
        self.passes = 0

    def want(self, keys: Iterable[K]) -> None:
        """Have these found in the next pass."""
        self._pending.update(key for key in keys if key not in self._found)

    def find(self, key: K, until: int) -> list[Place]:
        """Places in the first ``until`` observations: per trust the earliest and the latest few, in order."""
        if key not in self._found:
            self._pass(key)
        return [place for places in self._found[key].values() for place in _ends(places, until)]

    def _pass(self, key: K) -> None:
        wanted = frozenset({key, *self._pending})
        self._pending.clear()
        self._found.update((one, {}) for one in wanted)
        self.passes += 1
        for number, seen in enumerate(self._observed.observations):
            if self._only is None or seen.trust == self._only:
                for one, start, end, match in self._scan(seen.text, wanted):
                    places = self._found[one].setdefault(seen.trust, [])
                    if not places or places[-1].number != number:
                        places.append(Place(number, start, end, match))


def _ends(places: list[Place], until: int) -> Iterator[Place]:
    known = bisect_left(places, until, key=lambda place: place.number)
    yield from places[: min(EACH, known)]
    yield from places[max(EACH, known - EACH) : known]
