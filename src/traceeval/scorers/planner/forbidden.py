"""Whether a call was made that must never be made."""

from __future__ import annotations

from traceeval.errors import ConfigError
from traceeval.graph import Call, check_reference
from traceeval.graph._patterns import fits
from traceeval.graph.views import CallsView, Reading
from traceeval.model import Evidence, Forbidden
from traceeval.registry import scorer

_SHOWN = 10


@scorer("planner.forbidden", needs=("reference.forbidden",))
def forbidden(view: CallsView) -> Reading:
    """1 when no forbidden call was executed, else 0; a call that failed was made all the same.

    Only the arguments the reference names count. Evidence: every hit. Source: trajectories.md section 7.4.
    """
    if view.reference is None or view.reference.forbidden is None:
        return Reading.not_applicable("no_reference: no forbidden calls (`forbidden`; an empty list says: none)")
    try:
        check_reference(view.reference)
    except ConfigError as error:
        return Reading.failed(f"bad_reference: {error}")
    ran = [call for call in view.calls if call.executed]
    hits = [(call, one) for call in ran for one in view.reference.forbidden if fits(call, one.spec, view.book)]
    told = ", ".join(dict.fromkeys(call.name for call, _ in hits))
    return Reading.scored(
        0.0 if hits else 1.0,
        units=len(ran),
        why=f"forbidden: {len(hits)} hits: {told}" if hits else "",
        evidence=tuple(Evidence(span=call.span, field="forbidden", quote=_quote(call, one)) for call, one in hits)[
            :_SHOWN
        ],
    )


def _quote(call: Call, one: Forbidden) -> str:
    return f"{call.name}: {one.why}" if one.why else call.name
