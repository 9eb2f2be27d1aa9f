"""The loss between an ideal ranking and the prompt, split among the stages so that the parts add up.

``1 - G(C) = [1 - G(best(P))] + [G(best(P)) - G(R)] + [G(R) - G(C)]`` with G(L) = DCG@k(L) / IDCG@k(all judged),
P the pool, R the reranked list, C the prompt. Source: ours.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from traceeval.measures.ranking import dcg, first_gains, ideal_dcg


@dataclass(frozen=True, slots=True)
class Losses:
    """The three terms and what they come from; ``assembly`` None when the prompt is unknown.

    ``lift``: what reranking gained over the first-stage order; ``headroom``: what it could have gained.
    ``outside``: reranked documents that were not in the pool.
    """

    retrieval: float
    rerank: float
    assembly: float | None
    lift: float
    headroom: float
    outside: tuple[str, ...]

    @property
    def total(self) -> float | None:
        """Loss from the ideal to the prompt; None when the prompt is unknown."""
        return None if self.assembly is None else self.retrieval + self.rerank + self.assembly


def losses(
    pool: Sequence[str], ranked: Sequence[str] | None, packed: Sequence[str] | None, qrels: Mapping[str, int], k: int
) -> Losses | None:
    """Split the loss; None when nothing is relevant. Without a reranker, ``ranked`` is the first-stage order."""
    ideal = ideal_dcg(qrels, k)
    if ideal <= 0:
        return None
    known = set(pool)
    outside = tuple(doc for doc in dict.fromkeys(ranked or ()) if doc not in known)
    best = dcg(sorted(first_gains([*pool, *outside], qrels), reverse=True), k) / ideal
    first = dcg(first_gains(pool, qrels), k) / ideal
    after = first if ranked is None else dcg(first_gains(ranked, qrels), k) / ideal
    sent = None if packed is None else dcg(first_gains(packed, qrels), k) / ideal
    return Losses(
        retrieval=1 - best,
        rerank=best - after,
        assembly=None if sent is None else after - sent,
        lift=after - first,
        headroom=best - first,
        outside=outside,
    )
