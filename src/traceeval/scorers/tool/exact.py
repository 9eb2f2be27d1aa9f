"""Whether the calls did what was expected, and nothing that matters besides."""

from __future__ import annotations

from traceeval.graph._matching import Kind
from traceeval.graph.views import CallsView, Reading
from traceeval.registry import scorer
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
def exact(view: CallsView, *, coerce: Coerce = "flag", calls: Calls = "all") -> Reading:
    """1 iff nothing is missing, out of order or wrong, nothing changed twice, and no extra beyond ``extra_calls``.

    Repeated reads are allowed. Where it hinges on a tool whose effect is unknown: failed, bounds (0, 1).
    Source: metrics.md section 7.2.
    """
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
