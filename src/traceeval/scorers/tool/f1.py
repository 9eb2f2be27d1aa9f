"""Precision and recall of calls in one number."""

from __future__ import annotations

from traceeval.graph.views import CallsView, Reading
from traceeval.registry import scorer
from traceeval.scorers.tool._match import Calls, Coerce, Match, match_of, wrong_calls


@scorer("tool.f1", needs=("reference.calls",))
def f1(view: CallsView, *, coerce: Coerce = "flag", calls: Calls = "all") -> Reading:
    """2TP / (2TP + FP + FN); a pair with unequal arguments counts once as FP and once as FN.

    Undefined when nothing was expected and nothing executed. Source: metrics.md section 7.2.
    """
    match = match_of(view, coerce, calls)
    if not isinstance(match, Match):
        return match
    hits, wrong, missing = match.count("matched"), match.false_positives, len(match.missing)
    if not hits + wrong + missing:
        return Reading.undefined("nothing: no call was expected and none was executed")
    return Reading.scored(
        2 * hits / (2 * hits + wrong + missing), units=hits + wrong + missing, evidence=wrong_calls(match)
    )
