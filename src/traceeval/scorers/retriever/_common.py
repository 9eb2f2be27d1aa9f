"""The empty cases every retrieval score shares (metrics.md section 2)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import cast

from traceeval.graph.views import Reading, RetrievalView
from traceeval.measures.ranking import first_gains, relevant_count

NO_GOLD = "no_reference: no graded documents"
NO_HITS = "missing_evidence: retrieval hits were not recorded"
NONE_RELEVANT = "none_relevant: the reference has no relevant document"
NOTHING = "nothing_retrieved: the retrieval returned nothing"


def against_gold(
    view: RetrievalView, formula: Callable[[list[float], int], float | None], *, empty: str = NONE_RELEVANT
) -> Reading:
    """Apply ``formula(gains, R)``; its None is undefined, for the reason ``empty``."""
    if view.qrels is None:
        return Reading.not_applicable(NO_GOLD)
    if view.hits is None:
        return Reading.failed(NO_HITS, span=view.span)
    gains, relevant = _gains(view, view.qrels)
    value = formula(gains, relevant)
    if value is None:
        return Reading.undefined("; ".join(filter(None, (empty, view.note))), span=view.span)
    merged = f"merged: {view.searches} searches, round-robin" if view.searches > 1 else ""
    why = "; ".join(filter(None, (merged, view.note))) if merged else view.note
    return Reading.scored(value, units=max(relevant, 1), span=view.span, why=why)


def _gains(view: RetrievalView, qrels: Mapping[str, int]) -> tuple[list[float], int]:
    """(gains, R), computed once a view."""
    found = view.memo.get("gains")
    if found is None:
        found = view.memo["gains"] = first_gains(view.docs, qrels), relevant_count(qrels, view.rel_level)
    return cast(tuple[list[float], int], found)
