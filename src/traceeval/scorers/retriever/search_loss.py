"""Which of several searches lost what none of them found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from traceeval.graph.views import Reading, StagesView
from traceeval.measures.retrieval_loss import Found, best_gain, recall_shares
from traceeval.registry import scorer
from traceeval.scorers._stages import K, noted, parts_of, relevant_of, unsplit

_NONE_RELEVANT = "none_relevant: the reference has no relevant document"


@scorer("retriever.search_loss", better="lower", range=(-1.0, 1.0), needs=("reference.documents",))
def search_loss(view: StagesView, *, k: int = K) -> Reading | tuple[Reading, ...]:
    """Each search's part of ``retriever.recall_loss``: what it owed of what could be found minus what it brought.

    The parts add up. Owed is an equal part, brought is its Shapley share of the gain of what was found, so the order
    in which searches were recorded does not matter; negative: it carried the others. ``why``: what it would lose alone,
    and what only it found. Source: Shapley (1953), Owen (1977) for retrievers that search several times.
    """
    if len(view.used) < 2:
        return Reading.not_applicable("one_search: there are no several searches to tell apart", span=view.span)
    if (why := unsplit(view)) is not None:
        return why
    if parts_of(view, k) is None:
        return Reading.undefined(_NONE_RELEVANT, span=view.span)
    return tuple(noted(view, reading) for reading in _shares(view, k))


def _shares(view: StagesView, k: int) -> Iterator[Reading]:
    qrels, reach, used = view.qrels or {}, view.reach, view.used
    also: dict[str, set[str]] = {}
    for search in view.searches:
        if search.probe is not None:
            also.setdefault(search.retriever, set()).update(search.docs)
    found = [
        Found(search.retriever, {*search.docs, *(search.unfiltered or ())}, also.get(search.retriever, frozenset()))
        for search in used
    ]
    top = best_gain(reach.indexed, qrels, k)
    finders = Counter(doc for one in found for doc in one.docs)
    for at, share in enumerate(recall_shares(found, reach.indexed, reach.known, qrels, k)):
        mine = reach.known.intersection(found[at].docs)
        only = relevant_of(view, [doc for doc in mine if finders[doc] == 1])
        told = f"; only it found {', '.join(only[:5])}" if only else ""
        yield Reading.scored(
            share,
            span=used[at].span,
            units=max(len(relevant_of(view, mine)), 1),
            why=f"alone: {top - best_gain(mine, qrels, k):.3f} lost{told}",
        )
