"""The loss terms of one trace and their shared empty cases (metrics.md section 3)."""

from __future__ import annotations

from collections.abc import Callable, Collection

import msgspec

from traceeval.graph.views import Reading, StagesView
from traceeval.measures.ranking import relevant_count
from traceeval.measures.retrieval_loss import nested_losses
from traceeval.measures.waterfall import Losses, losses

K = 10
_SHOWN = 5


def with_losses(view: StagesView, k: int, term: Callable[[Losses], Reading]) -> Reading:
    """Apply ``term`` to the split loss; say why when it cannot be split."""
    if (why := unsplit(view)) is not None:
        return why
    split = losses_of(view, k)
    return _none_relevant(view) if split is None else noted(view, term(split))


def with_part(view: StagesView, k: int, part: str, unrecorded: str) -> Reading:
    """One part of the retrieval loss (``measures/retrieval_loss.py``); not applicable where a trace records none."""
    if view.qrels is not None and part not in view.reach.parts:
        return Reading.not_applicable(f"not_recorded: {unrecorded}", span=view.span)
    if (why := unsplit(view)) is not None:
        return why
    parts = parts_of(view, k)
    if parts is None:
        return _none_relevant(view)
    units = max(relevant_count(view.qrels or {}, view.rel_level), 1)
    gone = relevant_of(view, view.reach.lost[part])
    return noted(view, Reading.scored(parts[part], span=view.span, units=units, why=_lost(gone)))


def unsplit(view: StagesView) -> Reading | None:
    """Why nothing can be said of the losses of a trace; None: it can."""
    if view.qrels is None:
        return Reading.not_applicable("no_reference: no graded documents")
    if view.pool is None:
        return Reading.failed("missing_evidence: the pool was not recorded", span=view.span)
    return None


def losses_of(view: StagesView, k: int) -> Losses | None:
    """The split loss of a recorded pool, computed once a view; None when nothing is relevant."""
    if ("losses", k) not in view.memo:
        view.memo["losses", k] = losses(view.pool or (), view.ranked, view.packed, view.qrels or {}, k)
    found = view.memo["losses", k]
    return found if isinstance(found, Losses) else None


def parts_of(view: StagesView, k: int) -> dict[str, float] | None:
    """The parts of its retrieval term, computed once a view; None when nothing is relevant."""
    if ("parts", k) not in view.memo:
        view.memo["parts", k] = nested_losses(view.reach.sets, view.qrels or {}, k)
    found = view.memo["parts", k]
    return found if isinstance(found, dict) else None


def relevant_of(view: StagesView, names: Collection[str]) -> list[str]:
    """The relevant ones of some judged documents, best grade first."""
    qrels = view.qrels or {}
    return sorted((name for name in names if qrels[name] >= view.rel_level), key=lambda name: (-qrels[name], name))


def noted(view: StagesView, reading: Reading) -> Reading:
    """The reading with what every score of this view has to say of its judgements."""
    if not view.note or reading.status != "scored":
        return reading
    return msgspec.structs.replace(reading, why="; ".join(filter(None, (reading.why, view.note))))


def _lost(names: list[str]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return f"lost: {', '.join(names[:_SHOWN])}{more}" if names else ""


def _none_relevant(view: StagesView) -> Reading:
    return Reading.undefined("none_relevant: the reference has no relevant document", span=view.span)
