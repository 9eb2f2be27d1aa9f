"""The empty cases and the shared match of the tool scores (metrics.md section 7)."""

from __future__ import annotations

from typing import Literal

from traceeval.graph._matching import Match, match_calls
from traceeval.graph.views import CallsView, Reading
from traceeval.model import Evidence

Coerce = Literal["flag", "accept"]
Calls = Literal["all", "effects"]
NO_REFERENCE = Reading.not_applicable("no_reference: no expected calls (`calls`; an empty list says: none)")


def matched(view: CallsView, coerce: Coerce, calls: Calls) -> Match | None:
    """The match of a trajectory; None without declared calls. One match serves every score of the same options."""
    if view.reference is None or view.reference.calls is None:
        return None
    key = (coerce, calls)
    found = view.matches.get(key)
    if not isinstance(found, Match):
        found = match_calls(view, coerce=coerce == "accept", effects_only=calls == "effects")
        view.matches[key] = found
    return found


def wrong_calls(match: Match) -> tuple[Evidence, ...]:
    """Evidence of everything that is neither matched nor a free retry."""
    return tuple(
        Evidence(span=one.call.span, field=one.kind, quote=one.call.name)
        for one in match.calls
        if one.kind not in ("matched", "retry_after_error", "proposed_not_executed")
    )[:10]
