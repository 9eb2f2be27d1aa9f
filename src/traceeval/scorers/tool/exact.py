"""Whether the calls did what was expected, and nothing that matters besides."""

from __future__ import annotations

from typing import Literal

from traceeval.graph._matching import NO_REFERENCE, Kind
from traceeval.graph.views import CallsView, Reading
from traceeval.registry import scorer
from traceeval.scorers.tool._bfcl import refusal
from traceeval.scorers.tool._match import Calls, Coerce, Match, match_of, wrong_calls

_WRONG: tuple[Kind, ...] = (
    "malformed_args",
    "unknown_tool",
    "unknown_arg",
    "missing_arg",
    "wrong_type",
    "wrong_value",
    "failed_call",
)


@scorer("tool.exact", needs=("reference.calls",))
def exact(
    view: CallsView,
    *,
    coerce: Coerce = "flag",
    calls: Calls = "all",
    preset: Literal["traceeval", "bfcl"] = "traceeval",
) -> Reading:
    """1 iff nothing is missing, out of order or wrong, nothing changed twice, and no extra beyond ``extra_calls``.

    Repeated reads are allowed unless ``extra_calls`` is ``forbid``. Where it hinges on a tool whose effect is unknown:
    failed, bounds (0, 1). ``preset="bfcl"``: the verdict the Berkeley Function-Calling Leaderboard would give, with what
    it gets wrong, only to compare with its published figures. Source: metrics.md section 7.2.
    """
    if preset != "traceeval":
        return _as_leaderboard(view, preset)
    match = match_of(view, coerce, calls)
    if not isinstance(match, Match):
        return match
    evidence = wrong_calls(match)
    if match.missing or match.count(*_WRONG) or any(one.out_of_order for one in match.calls):
        return Reading.scored(0.0, units=max(match.executed, 1), evidence=evidence, why=_why(match))
    effects = _extra_effects(match)
    if "side_effecting" in effects:
        return Reading.scored(
            0.0, units=max(match.executed, 1), evidence=evidence, why="extra: a change nobody expected"
        )
    if "unknown" in effects:
        return Reading.failed(
            "unknown_effect: annotate the tool's effect in tools.yaml", bounds=(0.0, 1.0), units=1, evidence=evidence
        )
    return Reading.scored(1.0, units=max(match.executed, 1))


def _as_leaderboard(view: CallsView, preset: str) -> Reading:
    """Parity with another's verdict, labelled as such."""
    if view.reference is None or view.reference.calls is None:
        return NO_REFERENCE
    if preset != "bfcl":
        return Reading.failed(f"unknown_preset: {preset!r}; there is 'bfcl'")
    ran = [call for call in view.calls if call.executed]
    why = refusal(ran, view.reference.calls, view.offered or {})
    return Reading.scored(float(why is None), units=max(len(ran), 1), why=f"bfcl: {why or 'valid'} (parity only)")


def _extra_effects(match: Match) -> set[str]:
    """Effects of extra calls that are not allowed; ``forbid`` allows none, else what changes nothing may be repeated."""
    found = set()
    for one in match.calls:
        if one.kind in ("duplicate", "unnecessary_call") and match.extra_calls == "forbid":
            found.add("side_effecting")
        elif one.kind == "duplicate" or (one.kind == "unnecessary_call" and match.extra_calls != "any"):
            found.add(one.effect)
    return found - {"pure"}


def _why(match: Match) -> str:
    kinds = dict.fromkeys(one.kind for one in match.calls if one.kind in _WRONG)
    told = [
        *kinds,
        *(["missing_call"] if match.missing else []),
        *(["order_violation"] if any(one.out_of_order for one in match.calls) else []),
    ]
    return f"{told[0]}: {', '.join(told)}"
