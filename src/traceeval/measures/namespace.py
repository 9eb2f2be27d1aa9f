"""Whether gold document ids and retrieved ids speak of the same things: asked of a whole run, never of one trace.

A retrieval that found no gold document is a true 0; ids of two namespaces are a mistake of the set-up. The test passes
when any hit is a gold id, or when a fifth of the hits have the character shape of one (formats.md section 5.4).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

SHARE = 0.2
_MOST_SHAPES = 10_000


def shape(doc: str) -> str:
    """Character classes of an id with runs folded: ``kb-104#2`` -> ``a-9#9``."""
    return re.sub(r"[^\W\d_]+", "a", re.sub(r"\d+", "9", doc))


@dataclass(slots=True)
class Namespace:
    """Running evidence; mergeable, bounded. ``examples``: one hit id and one gold id."""

    matched: bool = False
    hits: Counter[str] = field(default_factory=Counter)
    gold: set[str] = field(default_factory=set)
    examples: tuple[str, str] | None = None

    def add(self, hits: Iterable[str], gold: Iterable[str]) -> None:
        """Note the ids of one trace; free once a match was seen."""
        if self.matched:
            return
        found, wanted = list(hits), set(gold)
        if any(doc in wanted for doc in found):
            self.matched = True
            return
        if found and wanted:
            self.examples = self.examples or (found[0], min(wanted))
            if len(self.gold) < _MOST_SHAPES and len(self.hits) < _MOST_SHAPES:
                self.hits.update(map(shape, found))
                self.gold.update(map(shape, wanted))

    def merge(self, other: Namespace) -> None:
        """Add what another worker saw."""
        self.matched = self.matched or other.matched
        self.hits.update(other.hits)
        self.gold |= other.gold
        self.examples = self.examples or other.examples

    @property
    def mismatch(self) -> bool:
        """True when there were hits and gold, and nothing says that they share a namespace."""
        if self.matched or not self.hits or not self.gold:
            return False
        alike = sum(count for form, count in self.hits.items() if form in self.gold)
        return alike < SHARE * self.hits.total()
