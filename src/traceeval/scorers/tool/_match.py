"""What the scores against expected calls have in common (metrics.md section 7)."""

from __future__ import annotations

from traceeval.graph._matching import Calls, Coerce, Match, match_of
from traceeval.model import Evidence

__all__ = ["Calls", "Coerce", "Match", "match_of", "wrong_calls"]


def wrong_calls(match: Match) -> tuple[Evidence, ...]:
    """Evidence of everything that is neither matched nor a free retry."""
    return tuple(
        Evidence(span=one.call.span, field=one.kind, quote=one.call.name)
        for one in match.calls
        if one.kind not in ("matched", "retry_after_error", "proposed_not_executed")
    )[:10]
