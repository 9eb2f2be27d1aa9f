"""How many calls bought nothing."""

from __future__ import annotations

from traceeval.graph.views import CallsView, Reading
from traceeval.registry import scorer
from traceeval.scorers.tool._match import Calls, Coerce, Match, match_of


@scorer("tool.waste", better="lower", needs=("reference.calls",))
def waste(view: CallsView, *, coerce: Coerce = "flag", calls: Calls = "all") -> Reading:
    """Repeated and unnecessary calls that change nothing, over executed calls; undefined when nothing was executed.

    Source: metrics.md section 7.2.
    """
    match = match_of(view, coerce, calls)
    if not isinstance(match, Match):
        return match
    if not match.executed:
        return Reading.undefined("nothing_executed: no call was executed")
    idle = sum(one.kind in ("duplicate", "unnecessary_call") and one.effect == "pure" for one in match.calls)
    return Reading.scored(idle / match.executed, units=match.executed)
