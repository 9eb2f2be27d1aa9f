"""Expected calls made before what they had to follow."""

from __future__ import annotations

from traceeval.graph._matching import Match, match_of
from traceeval.graph.views import CallsView, Reading
from traceeval.model import Evidence
from traceeval.registry import scorer


@scorer("planner.order_violations", unit="calls", better="lower", range=None, needs=("reference.calls",))
def order_violations(view: CallsView) -> Reading:
    """Matched calls that were asked for before the result of a call they had to follow was there.

    Calls one message asks for have no mutual order, and none of them had the result of another. Where several equally
    good matches exist, one without a violation is taken. Source: trajectories.md section 7.4.
    """
    match = match_of(view)
    if not isinstance(match, Match):
        return match
    late = [one for one in match.calls if one.out_of_order and one.spec is not None]
    evidence = tuple(
        Evidence(span=one.call.span, field="order", quote=f"{one.call.name} after {', '.join(one.spec.after)}")
        for one in late
        if one.spec is not None
    )
    return Reading.scored(len(late), units=max(1, match.count("matched")), evidence=evidence[:10])
