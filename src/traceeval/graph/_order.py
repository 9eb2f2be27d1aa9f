"""The order of recorded hits: by rank, ties as trec_eval breaks them; several lists taken in turn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import zip_longest
from operator import attrgetter

import msgspec

from traceeval.measures.ranking import trec_order
from traceeval.model import Hit

_RANK = attrgetter("rank")


def ranked(hits: Sequence[Hit]) -> tuple[Hit, ...]:
    """Recorded rank; where ranks tie or are missing, score descending, then document id descending."""
    if len({hit.rank for hit in hits}) == len(hits):
        return tuple(sorted(hits, key=_RANK))
    place = {doc: at for at, doc in enumerate(trec_order((hit.doc, hit.score or 0.0) for hit in hits))}
    return tuple(sorted(hits, key=lambda hit: (hit.rank, place[hit.doc])))


def in_turn(lists: Sequence[Sequence[Hit]]) -> tuple[Hit, ...]:
    """One list as it is; of several rank 1 of each, then rank 2 and so on."""
    if len(lists) == 1:
        return ranked(lists[0])
    return tuple(hit for row in zip_longest(*map(ranked, lists)) for hit in row if hit is not None)


def merged(lists: Sequence[Sequence[Hit]], same: Callable[[Hit], str]) -> tuple[Hit, ...]:
    """One list as it is; several in turn, what is the ``same`` once, ranks anew."""
    return in_turn(lists) if len(lists) == 1 else once(in_turn(lists), same)


def once(hits: Sequence[Hit], same: Callable[[Hit], str]) -> tuple[Hit, ...]:
    """Each hit where it first stands, ranks anew."""
    kept: dict[str, Hit] = {}
    for hit in hits:
        name = same(hit)
        if name not in kept:
            kept[name] = msgspec.structs.replace(hit, rank=len(kept) + 1)
    return tuple(kept.values())
