"""ARG-1: arguments that do not parse, or break the tool's own schema."""

from __future__ import annotations

from collections.abc import Iterator

from traceeval.diagnose._calls import about, result_of
from traceeval.graph import Call, Dossier
from traceeval.measures.schema import problems
from traceeval.model import Component, Finding
from traceeval.registry import diagnosis

CODE = "tool.invalid_arguments"


@diagnosis(CODE, severity=3, id="ARG-1", needs=("parameters",))
def invalid_arguments(dossier: Dossier) -> Iterator[Finding]:
    """Unparsable arguments, or a violation of the recorded JSON Schema, unknown properties included.

    A value that would fit after coercion (``"5"`` for 5) is severity 2: lenient servers accept it.
    """
    view = dossier.calls
    if view is None:
        return
    for call in view.calls:
        if call.arguments is None:
            if call.raw:
                yield about(
                    dossier,
                    CODE,
                    Component.TOOL,
                    3,
                    call,
                    f"the arguments of {call.name} do not parse",
                    result_of(call),
                )
            continue
        offer = (view.offered or {}).get(call.name)
        schema = call.parameters or (offer.parameters if offer is not None else None) or call.spec.parameters
        if schema:
            yield from _against(dossier, call, problems(call.arguments, schema))


def _against(dossier: Dossier, call: Call, found: tuple[tuple[str, str, bool], ...]) -> Iterator[Finding]:
    if found:
        path, message, coercible = found[0]
        severity = 2 if all(soft for _, _, soft in found) else 3
        note = " (coercible)" if coercible else ""
        yield about(
            dossier, CODE, Component.TOOL, severity, call, f"{call.name}: {path or 'arguments'}: {message}{note}"
        )
