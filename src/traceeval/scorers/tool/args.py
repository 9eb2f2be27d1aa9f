"""Whether the arguments of the paired calls are right."""

from __future__ import annotations

from traceeval.graph.views import CallsView, Reading
from traceeval.model import Evidence
from traceeval.registry import scorer
from traceeval.scorers.tool._match import Calls, Coerce, Match, match_of


@scorer("tool.args", needs=("reference.calls",))
def args(view: CallsView, *, coerce: Coerce = "flag", calls: Calls = "all", role: str | None = None) -> Reading:
    """F1 of the arguments of all paired calls, or of those of one role (id, amount, destination, ...).

    A wrong argument was given and one that was expected is missing: it counts as both; one nobody expected and one that
    is missing count once. Arguments of calls without a pair are no part of it: ``tool.f1`` counts those.
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
    right = len(compared) - len(wrong)
    amiss = sum(1 if argument.wrong in ("unknown_arg", "missing_arg") else 2 for _, argument in wrong)
    evidence = tuple(Evidence(span=c.span, field=a.path, quote=str(a.actual)[:200]) for c, a in wrong[:10])
    return Reading.scored(2 * right / (2 * right + amiss), units=len(compared), evidence=evidence)
