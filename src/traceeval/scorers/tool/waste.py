"""How many calls bought nothing."""

from __future__ import annotations

from traceeval.graph.views import CallsView, Reading
from traceeval.registry import scorer
from traceeval.scorers.tool._match import NO_REFERENCE, Calls, Coerce, matched


@scorer("tool.waste", better="lower", needs=("reference.calls",))
def waste(view: CallsView, *, coerce: Coerce = "flag", calls: Calls = "all") -> Reading:
    """Repeated and unnecessary calls that change nothing, over executed calls; undefined when nothing was executed.

    Source: metrics.md section 7.2.
    """
    match = matched(view, coerce, calls)
    if match is None:
        return NO_REFERENCE
    if not match.executed:
        return Reading.undefined("nothing_executed: no call was executed")
    idle = sum(one.kind in ("duplicate", "unnecessary_call") and one.effect == "pure" for one in match.calls)
    return Reading.scored(idle / match.executed, units=match.executed)
