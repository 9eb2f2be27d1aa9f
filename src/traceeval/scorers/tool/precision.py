"""How many executed calls were expected."""

from __future__ import annotations

from traceeval.graph.views import CallsView, Reading
from traceeval.registry import scorer
from traceeval.scorers.tool._match import Calls, Coerce, Match, match_of, wrong_calls


@scorer("tool.precision", needs=("reference.calls",))
def precision(view: CallsView, *, coerce: Coerce = "flag", calls: Calls = "all") -> Reading:
    """Matched calls over executed calls; a retry after an error is free. Undefined when nothing was executed.

    Source: metrics.md section 7.2, optimal assignment.
    """
    match = match_of(view, coerce, calls)
    if not isinstance(match, Match):
        return match
    hits = match.count("matched")
    total = hits + match.false_positives
    if not total:
        return Reading.undefined("nothing_executed: no call was executed")
    return Reading.scored(hits / total, units=total, evidence=wrong_calls(match))
