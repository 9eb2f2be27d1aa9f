"""Whether the arguments satisfy the tools' own schemas. Needs no gold."""

from __future__ import annotations

from traceeval.graph import Call
from traceeval.graph.views import CallsView, Reading
from traceeval.measures.schema import problems
from traceeval.model import Evidence
from traceeval.registry import scorer


@scorer("tool.valid")
def valid(view: CallsView) -> Reading:
    """Executed calls whose arguments parse and satisfy the recorded JSON Schema, over those that can be checked.

    A call without a schema counts only when its arguments do not parse. Source: JSON Schema draft 2020-12.
    """
    checked = [(call, found) for call in view.calls if call.executed and (found := _problem(call, view)) is not None]
    if not checked:
        return Reading.not_applicable("no_schema: no executed call was recorded with a schema")
    bad = [(call, text) for call, text in checked if text]
    evidence = tuple(Evidence(span=call.span, field="arguments", quote=text) for call, text in bad[:10])
    return Reading.scored(1 - len(bad) / len(checked), units=len(checked), evidence=evidence)


def _problem(call: Call, view: CallsView) -> str | None:
    """What is wrong with a call's arguments: empty when nothing is, None when nobody can say."""
    if call.arguments is None:
        return f"does not parse: {call.raw}"[:200] if call.raw else None
    offer = (view.offered or {}).get(call.name)
    schema = call.parameters or (offer.parameters if offer is not None else None) or call.spec.parameters
    if not schema:
        return None
    found = problems(call.arguments, schema)
    return f"{found[0][0] or 'arguments'}: {found[0][1]}" if found else ""
