"""How far the calls are from what was expected, in what it would cost to mend them."""

from __future__ import annotations

from traceeval.graph._alignment import Alignment, Move, align_calls
from traceeval.graph._matching import Match, match_of
from traceeval.graph.views import CallsView, Reading
from traceeval.model import Evidence
from traceeval.registry import scorer

_SHOWN = 20


@scorer("planner.alignment", needs=("reference.calls",))
def alignment(view: CallsView) -> Reading:
    """1 - cost / worst of the cheapest alignment with the expected calls, in their declared order.

    Leaving out or adding a call costs 5 when it changes the world, or might, 1 for a read, .2 for a pure one; a call
    with other arguments costs the larger times 1 - similarity; ``worst``: take out all that ran, put in all required.
    1 when nothing was expected and nothing ran. Evidence: every move that costs. Above 20 calls in one order, or where
    the search would take too long, ``why`` says ``approximate``. Source: metrics.md section 8.
    """
    match = match_of(view)
    if not isinstance(match, Match):
        return match
    found = align_calls(match, view.book)
    return Reading.scored(
        found.fitness,
        units=len(found.moves),
        why=_why(found),
        evidence=tuple(_evidence(move) for move in found.moves if move.cost and move.call is not None)[:_SHOWN],
    )


def _why(found: Alignment) -> str:
    told = {
        kind: [_name(move) for move in found.moves if move.kind == kind and move.cost]
        for kind in ("substitution", "log_only", "model_only")
    }
    text = "; ".join(f"{kind} {len(names)}: {', '.join(names[:5])}" for kind, names in told.items() if names)
    if found.approximate:
        return f"approximate: a better alignment may exist; {text}"
    return f"cost: {found.cost:g} of {found.worst:g}; {text}" if text else ""


def _name(move: Move) -> str:
    return move.call.name if move.call is not None else move.spec.tools[0] if move.spec is not None else ""


def _evidence(move: Move) -> Evidence:
    assert move.call is not None
    return Evidence(span=move.call.span, field=move.kind, quote=f"{move.call.name}: cost {move.cost:g}")
