"""How far each judged document came on its way from an index to the pool."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from traceeval.graph.views._views import StagesView


@dataclass(frozen=True, slots=True)
class Reach:
    """Judged documents, each set within the one before.

    ``judged``: all of them; ``indexed``: in some index; ``known``: found by a recorded search; ``asked``: by one with
    the query that was used; ``found``: behind its filter; ``handed``: in the pool. ``parts``: what the trace records of
    the way between them.
    """

    judged: frozenset[str]
    indexed: frozenset[str]
    known: frozenset[str]
    asked: frozenset[str]
    found: frozenset[str]
    handed: frozenset[str]
    parts: frozenset[str]

    @property
    def sets(self) -> tuple[tuple[str, frozenset[str]], ...]:
        """The recorded parts of the way, each with what is left behind it."""
        way = {
            "corpus": self.indexed,
            "recall": self.known,
            "query": self.asked,
            "filter": self.found,
            "fusion": self.handed,
        }
        return tuple((part, left) for part, left in way.items() if part in self.parts)

    @property
    def lost(self) -> Mapping[str, frozenset[str]]:
        """Recorded part -> what was lost there."""
        before, gone = self.judged, {}
        for part, left in self.sets:
            gone[part] = before - left
            before = left
        return gone


def reach_of(view: StagesView) -> Reach:
    """The way of every judged document; of an unrecorded pool nothing is handed on."""
    judged = frozenset(view.qrels or ())
    handed = judged.intersection(view.pool or ()) | judged.intersection(view.ranked or ())
    found = handed | _any(judged, (search.docs for search in view.used))
    asked = found | _any(judged, (search.unfiltered or () for search in view.used))
    known = asked | _any(judged, (search.docs for search in view.searches))
    parts = {
        "corpus": view.absent is not None,
        "recall": True,
        "query": any(search.probe == "query" for search in view.searches),
        "filter": any(search.unfiltered is not None for search in view.used),
        "fusion": bool(view.fusions) or found != handed,
    }
    return Reach(
        judged=judged,
        indexed=judged - (view.absent or frozenset()),
        known=known,
        asked=asked,
        found=found,
        handed=handed,
        parts=frozenset(part for part, recorded in parts.items() if recorded),
    )


def _any(judged: frozenset[str], lists: Iterable[Iterable[str]]) -> frozenset[str]:
    return frozenset(name for docs in lists for name in docs if name in judged)
