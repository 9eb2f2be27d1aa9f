"""How many expected calls were made."""

from __future__ import annotations

from traceeval.graph.views import CallsView, Reading
from traceeval.registry import scorer
from traceeval.scorers.tool._match import Calls, Coerce, Match, match_of


@scorer("tool.recall", needs=("reference.calls",))
def recall(view: CallsView, *, coerce: Coerce = "flag", calls: Calls = "all") -> Reading:
    """Required calls matched over required calls; undefined when none is required. Source: metrics.md section 7.2."""
    match = match_of(view, coerce, calls)
    if not isinstance(match, Match):
        return match
    if not match.required:
        return Reading.undefined("nothing_required: the reference requires no call")
    missing = ", ".join(str(spec.tool) for spec in match.missing[:5])
    value = 1 - len(match.missing) / match.required
    return Reading.scored(value, units=match.required, why=f"missing_call: {missing}" if missing else "")
