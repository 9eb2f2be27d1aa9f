"""Which judgements a hit earns: by its document, or where characters were judged by the characters it holds.

A judgement has a name: the document's id, or ``kb-9[120:260]`` for a part of one. Everything behind this file ranks
names and knows neither hits nor offsets.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from traceeval.model import Hit, Reference, SpannedJudgement


class Listing(msgspec.Struct, frozen=True, gc=False):
    """A ranked list as names of judgements, best first, duplicates kept.

    ``places``: how many names each hit and those above it take; None: one each. ``by_document``: hits without offsets
    of a document that was judged in parts: they match on the document's id.
    """

    names: tuple[str, ...]
    places: tuple[int, ...] | None = None
    by_document: int = 0


class Judgements:
    """The graded documents and parts of documents of one trace. ``qrels`` None: nobody judged any."""

    __slots__ = ("_parts", "qrels")

    def __init__(self, reference: Reference | None) -> None:
        self._parts: Mapping[str, Sequence[SpannedJudgement]] = _by_document(reference)
        self.qrels: Mapping[str, int] | None = None
        if reference is not None and (reference.documents is not None or reference.spanned is not None):
            self.qrels = reference.documents or {}
        if self._parts:
            best_last = (one for several in self._parts.values() for one in reversed(several))
            self.qrels = {**(self.qrels or {}), **{one.name: one.grade for one in best_last}}

    def identity(self, hit: Hit) -> str:
        """What makes two hits the same: the document, and which part of it where parts were judged."""
        if hit.doc not in self._parts or hit.offsets is None:
            return hit.doc
        return f"{hit.doc}[{hit.offsets[0]}:{hit.offsets[1]}]"

    def names(self, hit: Hit) -> tuple[str, ...]:
        """Names of what a hit matches, the best grade first; its own identity when that is nothing."""
        parts = self._parts.get(hit.doc)
        if not parts:
            return (hit.doc,)
        if hit.offsets is None:
            return tuple(one.name for one in parts)
        start, end = hit.offsets
        met = tuple(one.name for one in parts if one.start < end and start < one.end)
        if met:
            return met
        return (hit.doc if hit.doc in (self.qrels or {}) else self.identity(hit),)

    def grade(self, hit: Hit) -> int | None:
        """The best grade a hit matches; None when nobody judged it."""
        return (self.qrels or {}).get(self.names(hit)[0])

    def of(self, document: str) -> Iterator[str]:
        """Names of every judgement of a document."""
        if document in (self.qrels or {}):
            yield document
        yield from (one.name for one in self._parts.get(document, ()))

    def listing(self, hits: Iterable[Hit]) -> Listing:
        """A ranked list of hits as names. A hit that earns several judgements takes a place for each of them."""
        if not self._parts:
            return Listing(tuple([hit.doc for hit in hits]))
        names: list[str] = []
        places: list[int] = []
        bare = 0
        seen: set[str] = set()
        for hit in hits:
            bare += hit.offsets is None and hit.doc in self._parts
            names += self._earned(hit, seen)
            places.append(len(names))
        return Listing(tuple(names), tuple(places), bare)

    def _earned(self, hit: Hit, seen: set[str]) -> list[str]:
        """What a hit adds to those above it; at least one name, which is a duplicate when it adds nothing."""
        names = self.names(hit)
        new = [name for name in names if name not in seen and (self.qrels or {}).get(name, 0) > 0]
        seen.update(new or names[:1])
        return new or [names[0]]

    def hits_named(self, name: str, hits: Iterable[Hit]) -> Iterator[Hit]:
        """The hits that match one judgement."""
        return (hit for hit in hits if name in self.names(hit))


def _by_document(reference: Reference | None) -> Mapping[str, Sequence[SpannedJudgement]]:
    if reference is None or not reference.spanned:
        return {}
    parts: dict[str, list[SpannedJudgement]] = defaultdict(list)
    for one in sorted(reference.spanned, key=lambda one: (-one.grade, one.start, one.end)):
        parts[one.document].append(one)
    return parts
