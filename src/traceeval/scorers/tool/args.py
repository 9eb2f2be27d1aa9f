"""Whether the arguments of the paired calls are right."""

from __future__ import annotations

from traceeval.graph.views import CallsView, Reading
from traceeval.model import Evidence
from traceeval.registry import scorer
from traceeval.scorers.tool._match import Calls, Coerce, Match, match_of


@scorer("tool.args", needs=("reference.calls",))
def args(view: CallsView, *, coerce: Coerce = "flag", calls: Calls = "all", role: str | None = None) -> Reading:
    """Right arguments over arguments compared, of all paired calls, or of one role (id, amount, destination, ...).

    Undefined when no argument of the role was compared. Source: metrics.md section 7.2.
    """
    match = match_of(view, coerce, calls)
    if not isinstance(match, Match):
        return match
    compared = [
        (one.call, argument)
        for one in match.calls
        if one.comparison is not None
        for argument in one.comparison.arguments
        if role is None or argument.role == role
    ]
    if not compared:
        return Reading.undefined("no_argument: no argument was compared")
    wrong = [(call, argument) for call, argument in compared if argument.wrong is not None]
    evidence = tuple(Evidence(span=c.span, field=a.path, quote=str(a.actual)[:200]) for c, a in wrong[:10])
    return Reading.scored(1 - len(wrong) / len(compared), units=len(compared), evidence=evidence)
