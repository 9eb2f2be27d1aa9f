"""Changes of the world nobody expected."""

from __future__ import annotations

from traceeval.graph._matching import Match, match_of
from traceeval.graph.views import CallsView, Reading
from traceeval.model import Evidence
from traceeval.registry import scorer


@scorer("planner.extra_changes", unit="calls", better="lower", range=None, needs=("reference.calls",))
def extra_changes(view: CallsView) -> Reading:
    """Calls that changed the world and were not expected, or not with these arguments; a call that failed changed nothing.

    Failed when a tool's effect is unknown: then the bounds count it as nothing and as a change.
    Source: trajectories.md section 7.4.
    """
    match = match_of(view)
    if not isinstance(match, Match):
        return match
    extra = [
        one
        for one in match.calls
        if one.kind not in ("matched", "retry_after_error", "proposed_not_executed") and one.call.ok is not False
    ]
    certain = [one for one in extra if one.effect == "side_effecting"]
    unknown = [one for one in extra if one.effect == "unknown"]
    evidence = tuple(Evidence(span=one.call.span, field=one.kind, quote=one.call.name) for one in (*certain, *unknown))
    units = max(1, match.executed)
    if unknown:
        names = ", ".join(dict.fromkeys(one.call.name for one in unknown))
        return Reading.failed(
            f"unknown_effect: annotate {names} in tools.yaml",
            bounds=(len(certain), len(certain) + len(unknown)),
            units=units,
            evidence=evidence[:10],
        )
    return Reading.scored(len(certain), units=units, evidence=evidence[:10])
