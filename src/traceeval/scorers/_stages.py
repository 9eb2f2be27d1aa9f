"""The loss terms of one trace and their shared empty cases (metrics.md section 3)."""

from __future__ import annotations

from collections.abc import Callable

from traceeval.graph.views import Reading, StagesView
from traceeval.measures.waterfall import Losses, losses

K = 10


def with_losses(view: StagesView, k: int, term: Callable[[Losses], Reading]) -> Reading:
    """Apply ``term`` to the split loss; say why when it cannot be split."""
    if view.qrels is None:
        return Reading.not_applicable("no_reference: no graded documents")
    if view.pool is None:
        return Reading.failed("missing_evidence: the pool was not recorded", span=view.span)
    split = losses(view.pool, view.ranked, view.packed, view.qrels, k)
    if split is None:
        return Reading.undefined("none_relevant: the reference has no relevant document", span=view.span)
    return term(split)
