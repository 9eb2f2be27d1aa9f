"""Ranking formulas over gains. They know no document and no trace; grades go in, shares come out.

``gains``: the grade of each ranked place, best place first; a duplicate or unjudged place is 0. Ties and empty cases
are trec_eval's where it has one; None always means "undefined", never 0.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterable, Mapping, Sequence


def first_gains(docs: Iterable[str], qrels: Mapping[str, int]) -> list[float]:
    """Gain of each place: the grade where a document first occurs; 0 for duplicates, unjudged and negative grades."""
    seen: set[str] = set()
    gains = []
    for doc in docs:
        gains.append(0.0 if doc in seen else float(max(qrels.get(doc, 0), 0)))
        seen.add(doc)
    return gains


def relevant_count(qrels: Mapping[str, int], level: int = 1) -> int:
    """R: how many judged documents reach ``level``."""
    return sum([grade >= level for grade in qrels.values()])


def trec_order(scored: Iterable[tuple[str, float]]) -> list[str]:
    """Documents as trec_eval ranks them: score as float32 descending, then document id descending."""
    narrow = struct.Struct("f")
    return [doc for _, doc in sorted(((narrow.unpack(narrow.pack(s))[0], doc) for doc, s in scored), reverse=True)]


def dcg(gains: Sequence[float], k: int | None = None, *, exp: bool = False) -> float:
    """Discounted cumulative gain, discount log2(rank + 1). Source: Järvelin & Kekäläinen (2002); trec_eval ndcg."""
    top = gains if k is None else gains[:k]
    return math.fsum([(2.0**g - 1 if exp else g) / math.log2(rank + 1) for rank, g in enumerate(top, 1) if g])


def ideal_dcg(qrels: Mapping[str, int], k: int | None = None, *, exp: bool = False) -> float:
    """DCG of the best possible ranking of **all** judged documents."""
    return dcg(sorted([float(g) for g in qrels.values() if g > 0], reverse=True), k, exp=exp)


def ndcg(gains: Sequence[float], ideal: float, k: int | None = None, *, exp: bool = False) -> float | None:
    """DCG@k / IDCG@k; None when nothing is relevant."""
    return dcg(gains, k, exp=exp) / ideal if ideal > 0 else None


def recall(gains: Sequence[float], relevant: int, k: int | None = None, level: int = 1) -> float | None:
    """Relevant in the top k / R; None when R is 0. Source: Manning, Raghavan & Schütze (2008), ch. 8."""
    return _hits(gains, k, level) / relevant if relevant else None


def precision(gains: Sequence[float], relevant: int, k: int, level: int = 1) -> float | None:
    """Relevant in the top k / k, so a short list is charged; None when R is 0. Source: trec_eval P."""
    return _hits(gains, k, level) / k if relevant else None


def purity(gains: Sequence[float], k: int, level: int = 1) -> float | None:
    """Relevant in the top k / documents in the top k; None when nothing was retrieved."""
    top = gains[:k]
    return _hits(top, None, level) / len(top) if top else None


def average_precision(gains: Sequence[float], over: int, level: int = 1) -> float | None:
    """Sum over relevant places of precision there / ``over``: R for trec_eval's map, found for ``found_ap``."""
    if not over:
        return None
    found, total = 0, 0.0
    for rank, gain in enumerate(gains, 1):
        if gain >= level:
            found += 1
            total += found / rank
    return total / over


def reciprocal_rank(gains: Sequence[float], relevant: int, level: int = 1) -> float | None:
    """1 / place of the first relevant document, 0 without one; None when R is 0. Source: trec_eval recip_rank."""
    if not relevant:
        return None
    return next((1 / rank for rank, gain in enumerate(gains, 1) if gain >= level), 0.0)


def bpref(docs: Sequence[str], qrels: Mapping[str, int], level: int = 1) -> float | None:
    """Preference of relevant over judged non-relevant documents; None when R is 0.

    Source: Buckley & Voorhees (2004) as trec_eval computes it.
    """
    relevant = relevant_count(qrels, level)
    if not relevant:
        return None
    bound = min(relevant, sum(0 <= grade < level for grade in qrels.values()))
    above, total = 0, 0.0
    for doc in dict.fromkeys(docs):
        grade = qrels.get(doc)
        if grade is None or grade < 0:
            continue
        if grade < level:
            above += 1
        else:
            total += 1 - min(above, relevant) / bound if above else 1.0
    return total / relevant


def judged(docs: Sequence[str], qrels: Mapping[str, int], k: int) -> float | None:
    """Judged documents in the top k / documents there; None when nothing was retrieved. Source: ir-measures."""
    top = docs[:k]
    return sum(doc in qrels for doc in top) / len(top) if top else None


def duplicates(docs: Sequence[str], k: int) -> float | None:
    """Places of the top k that repeat a document / places there; None when nothing was retrieved."""
    top = docs[:k]
    return 1 - len(set(top)) / len(top) if top else None


def _hits(gains: Sequence[float], k: int | None, level: int) -> int:
    return sum([gain >= level for gain in (gains if k is None else gains[:k])])
