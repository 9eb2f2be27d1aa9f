"""Precision of rankings from the part of their pool that experts judged, with intervals. Read-only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from traceeval.measures.estimation import Estimate
from traceeval.measures.pools import PooledDocument, precision
from traceeval.review.relevance import judged
from traceeval.review.store import Store


def precisions(
    store: Store, queue: str, runs: Mapping[str, Mapping[str, Sequence[str]]], *, k: int = 10, level: int = 1
) -> dict[str, Estimate | None]:
    """Mean precision at k of each run: name -> question -> documents, best first. None: nothing of it was judged.

    ``level``: the lowest grade, 0..4, that counts as relevant. Unjudged documents are not counted as irrelevant; those
    that were drawn and are not settled yet are made up for by the others.

    Raises:
        NotFound: no such queue.
        ValueError: a document among the first k is not in the pool.
    """
    pool = {
        (one.question, one.doc): PooledDocument(
            one.pi, one.drawn, None if one.grade is None else one.grade >= level, float(len(one.runs))
        )
        for one in judged(store, queue)
    }
    return {name: precision(rankings, pool, k) for name, rankings in runs.items()}
