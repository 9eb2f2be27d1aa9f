"""Whether the world was left as it should have been."""

from __future__ import annotations

from traceeval.errors import ConfigError
from traceeval.graph import check_reference
from traceeval.graph.views import CallsView, Reading
from traceeval.measures.state_diff import Change, differences
from traceeval.registry import scorer

_SHOWN, _MOST = 5, 1000


@scorer("planner.state", needs=("reference.state",))
def state(view: CallsView, *, ignore: tuple[str, ...] = ()) -> Reading:
    """1 when the final state is the expected one, else 0; ``why`` names the paths added, removed and changed.

    Values are compared as arguments are, and the expected state may hold matchers. ``ignore``: paths that do not count,
    ``*`` for any one step, e.g. ``orders.*.updated_at``, besides those the reference calls ``free``. Failed when
    the final state was not recorded. The strongest judge of an outcome there is: trajectories.md section 7.1.
    """
    if view.reference is None or view.reference.state is None:
        return Reading.not_applicable("no_reference: no expected final state (`state`)")
    if view.state is None:
        return Reading.failed("missing_evidence: the final state was not recorded (`state` of the trace)")
    try:
        check_reference(view.reference)
    except ConfigError as error:
        return Reading.failed(f"bad_reference: {error}")
    found = []
    for change in differences(view.state, view.reference.state, (*ignore, *view.reference.free)):
        found.append(change)
        if len(found) == _MOST:
            break
    return Reading.scored(0.0 if found else 1.0, units=1, why=_why(found))


def _why(found: list[Change]) -> str:
    if not found:
        return ""
    told = []
    for kind in ("changed", "added", "removed"):
        paths = sorted(change.path for change in found if change.kind == kind)
        if paths:
            told.append(f"{kind} {len(paths)}: {', '.join(path[:80] for path in paths[:_SHOWN])}")
    return f"state_differs: {'; '.join(told)}{' or more' if len(found) == _MOST else ''}"
