"""How close the calls came, argument by argument."""

from __future__ import annotations

from traceeval.graph.views import CallsView, Reading
from traceeval.registry import scorer
from traceeval.scorers.tool._match import Calls, Coerce, Match, match_of


@scorer("tool.soft", needs=("reference.calls",))
def soft(view: CallsView, *, coerce: Coerce = "flag", calls: Calls = "all") -> Reading:
    """Sum of argument similarities of the optimal pairs over the larger of executed and expected calls.

    Similarity: equal leaf arguments over the union of argument paths. Undefined when both sides are empty.
    Source: metrics.md section 7.2.
    """
    match = match_of(view, coerce, calls)
    if not isinstance(match, Match):
        return match
    total = max(match.executed - match.count("retry_after_error"), match.specs)
    if not total:
        return Reading.undefined("nothing: no call was expected and none was executed")
    return Reading.scored(min(1.0, match.similarities / total), units=total)
