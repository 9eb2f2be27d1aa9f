"""A first look at a text: whether its words can call at all, before it is read table by table. Most texts end here."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence

from traceeval.measures.looks import Look
from traceeval.risk._terms import Terms, words_in

Weighed = Sequence[tuple[Terms, float]]
"""The terms of one table, each with how much of a call it is."""


class Glance:
    """Whether a text may call by one of some tables: never no where one does, and seldom yes where none does.

    It may where any pattern matches, any word begins as a beginning does, or a table's terms, if all that can stand there
    did, were ``enough`` together.
    """

    def __init__(self, patterns: Iterable[str], tables: Iterable[Weighed], enough: float) -> None:
        self._enough = enough
        self._patterns = Look(patterns)
        self._by_stem: dict[str, list[tuple[int, float, frozenset[str]]]] = defaultdict(list)
        starts: set[str] = set()
        for number, table in enumerate(tables):
            for terms, weight in table:
                starts.update(terms.starts)
                for first, phrases in terms.by_stem.items():
                    self._by_stem[first] += [(number, weight, _stems(rest)) for rest in phrases]
        self._beginnings = Look(rf"\b{re.escape(start)}" for start in sorted(starts))

    def __call__(self, text: str) -> bool:
        """Whether it may."""
        words = words_in(text)
        return self._adds_up(words.stems) or self._patterns(text) or self._beginnings(words.line)

    def _adds_up(self, stems: frozenset[str]) -> bool:
        sums: dict[int, float] = defaultdict(float)
        for first in self._by_stem.keys() & stems:
            for number, weight, rest in self._by_stem[first]:
                if rest <= stems:
                    sums[number] += weight
        return any(weight >= self._enough for weight in sums.values())


def _stems(rest: Sequence[str]) -> frozenset[str]:
    """The stems a phrase goes on with; a word that ends in ``*`` has none of its own."""
    return frozenset(word for word in rest if not word.endswith("*"))
