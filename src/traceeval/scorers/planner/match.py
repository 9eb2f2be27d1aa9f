"""Whether the trajectory matches the expected one, under the field's usual modes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import get_args

from traceeval.graph._matching import Match, match_of
from traceeval.graph.views import CallsView, Reading
from traceeval.registry import scorer
from traceeval.scorers.planner._presets import Args, Mode, Override, edges_of, unknown_fields, verdict
from traceeval.scorers.tool.exact import exact


@scorer("planner.match", needs=("reference.calls",), default=False)
def match(
    view: CallsView, *, mode: Mode = "unordered", args: Args = "exact", overrides: Mapping[str, Override] | None = None
) -> Reading:
    """1 when the executed calls match the expected ones, else 0; ``why`` always says recall and ``tool.exact`` beside it.

    ``mode``: ``strict`` the expected calls in the listed order, those of one message in any order; ``unordered`` the same
    calls; ``subset`` no call that is not expected; ``superset`` every expected call. ``args``: ``exact``; ``ignore``;
    ``subset`` no argument that is not expected; ``superset`` every expected argument. All of them read output against
    reference. ``overrides``: tool -> a mode of arguments, the fields that count, or a function of (output, reference).

    A call that failed is none that was expected to succeed. Messages without calls are not compared, nor is the answer
    (``generator.correct``). Failed when an override names a field that neither side has. Names of the modes: agentevals
    0.0.9; differences: metrics.md section 8. For one figure of a trajectory ``planner.alignment`` says more.
    """
    found = match_of(view)
    if not isinstance(found, Match):
        return found
    hows = [args, *(how for how in (overrides or {}).values() if isinstance(how, str))]
    if mode not in get_args(Mode) or not set(hows) <= set(get_args(Args)):
        return Reading.failed(f"unknown_mode: mode is one of {get_args(Mode)}, args of {get_args(Args)}")
    slips = unknown_fields(found.table, overrides or {})
    if slips:
        return Reading.failed(f"unknown_field: neither calls nor reference have {', '.join(slips)}")
    edges = edges_of(found.table, args, overrides or {}, view.book)
    holds = verdict(mode, found.table, edges)
    return Reading.scored(
        float(holds), units=max(found.executed, found.required, 1), why=f"{mode}: {_beside(view, found)}"
    )


def _beside(view: CallsView, found: Match) -> str:
    """What an inclusion alone would hide: recall, and whether nothing at all is wrong."""
    recall = f"{1 - len(found.missing) / found.required:.2f}" if found.required else "undefined"
    whole = exact(view)
    told = f"{whole.value:g}" if whole.value is not None else whole.status
    missing = f"; missing {', '.join(spec.tools[0] for spec in found.missing[:5])}" if found.missing else ""
    return f"recall {recall}, exact {told}{missing}"
