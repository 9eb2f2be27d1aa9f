"""The retrieval term of the loss waterfall, split along the way of a search so that the parts add up to it.

Sets of documents lie within each other: all that is judged, what is in some index, what some recorded search found,
what the query that was used found, what its filter left, what was handed on. With B(S) = DCG@k of S in its best order /
IDCG@k, every part is B of one set minus B of the next, so their sum is ``1 - B(handed on)``. What a trace does not
record is no set of its own: its loss stays in the part before. Source: ours.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from traceeval.measures.ranking import dcg, ideal_dcg

PARTS = ("corpus", "recall", "query", "filter", "fusion")


def best_gain(docs: Collection[str], qrels: Mapping[str, int], k: int) -> float:
    """B: nDCG@k of these documents in their best order, 0..1; 0 when nothing is relevant."""
    ideal = ideal_dcg(qrels, k)
    gains = sorted((float(grade) for doc, grade in qrels.items() if grade > 0 and doc in docs), reverse=True)
    return dcg(gains, k) / ideal if ideal > 0 else 0.0


def nested_losses(
    sets: Sequence[tuple[str, Collection[str]]], qrels: Mapping[str, int], k: int
) -> dict[str, float] | None:
    """What is lost on the way into each of the named sets, widest first; None when nothing is relevant."""
    if ideal_dcg(qrels, k) <= 0:
        return None
    lost, before = {}, 1.0
    for name, docs in sets:
        after = best_gain(docs, qrels, k)
        lost[name] = before - after
        before = after
    return lost


@dataclass(frozen=True, slots=True)
class Found:
    """What one search found. ``also``: what its retriever found when it was asked otherwise."""

    retriever: str
    docs: Collection[str]
    also: Collection[str] = frozenset()


def recall_shares(
    searches: Sequence[Found], findable: Collection[str], known: Collection[str], qrels: Mapping[str, int], k: int
) -> list[float]:
    """Each search's part of the recall loss B(findable) - B(known); they add up to it.

    Owed: an equal part of B(findable) by each retriever, of which each of its searches owes an equal part. Brought: the
    gain of every known document in the best order, shared equally by the retrievers that found it, then by their
    searches that did; equal grades share their places, and what none of the searches found came through all of them.
    That is the Shapley value (with retrievers as unions of searches: Owen 1977) of finding, at fixed discounts: the
    order of recording does not matter, and a search that loses what only it had is charged all of it. A part is
    negative where a search brought more than it owed: it carried the others.
    """
    ideal = ideal_dcg(qrels, k)
    own: dict[str, list[int]] = defaultdict(list)
    for at, search in enumerate(searches):
        own[search.retriever].append(at)
    owed = best_gain(findable, qrels, k) / len(own)
    shares = [owed / len(own[search.retriever]) for search in searches]
    for doc, gain in _gains(known, qrels, k):
        finders = [part for several in own.values() if (part := _finders(doc, several, searches))] or [*own.values()]
        for part in finders:
            for at in part:
                shares[at] -= gain / ideal / len(finders) / len(part)
    return shares


def _finders(doc: str, several: Sequence[int], searches: Sequence[Found]) -> Sequence[int]:
    """The searches of one retriever that found a document; all of them when it was found asked otherwise."""
    found = [at for at in several if doc in searches[at].docs]
    return found or (several if doc in searches[several[0]].also else ())


def _gains(docs: Collection[str], qrels: Mapping[str, int], k: int) -> list[tuple[str, float]]:
    """Each document with its discounted gain in the best order."""
    graded = sorted((doc for doc, grade in qrels.items() if grade > 0 and doc in docs), key=lambda doc: -qrels[doc])
    found, place = [], 0
    for _, equal in groupby(graded, key=lambda doc: qrels[doc]):
        group = list(equal)
        gain = dcg([0.0] * place + [float(qrels[doc]) for doc in group], k) / len(group)
        found += [(doc, gain) for doc in group]
        place += len(group)
    return found
