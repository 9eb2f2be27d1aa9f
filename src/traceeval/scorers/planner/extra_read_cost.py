"""What looking at things nobody had to look at cost."""

from __future__ import annotations

from traceeval.graph._alignment import unit_cost
from traceeval.graph._matching import Match, match_of
from traceeval.graph.views import CallsView, Reading
from traceeval.registry import scorer


@scorer("planner.extra_read_cost", unit="reads", better="lower", range=None, needs=("reference.calls",))
def extra_read_cost(view: CallsView) -> Reading:
    """Calls that change nothing and were not expected, repetitions included: 1 a read, .2 a pure call.

    Source: trajectories.md section 7.4.
    """
    match = match_of(view)
    if not isinstance(match, Match):
        return match
    idle = [one for one in match.calls if one.kind in ("duplicate", "unnecessary_call") and one.effect == "pure"]
    return Reading.scored(sum(unit_cost(one.call.spec.effect) for one in idle), units=max(1, match.executed))
