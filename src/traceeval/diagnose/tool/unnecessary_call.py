"""A call nobody expected."""

from __future__ import annotations

from collections.abc import Iterator

from traceeval.diagnose._calls import about
from traceeval.diagnose.tool._matched import match_of
from traceeval.graph import Dossier
from traceeval.model import Component, Finding
from traceeval.registry import diagnosis


@diagnosis("tool.unnecessary_call", severity=4, needs=("effect",))
def unnecessary_call(dossier: Dossier) -> Iterator[Finding]:
    """Severity 4 when it changed the world, 1 for a read, 2 when its effect is unknown; ``extra_calls: any`` allows it."""
    match = match_of(dossier)
    reference = dossier.reference
    if match is None or reference is None or reference.extra_calls == "any":
        return
    for one in match.calls:
        if one.kind == "unnecessary_call":
            severity = {"side_effecting": 4, "pure": 1, "unknown": 2}[one.effect]
            text = f"{one.call.name} was called and nobody expected it"
            yield about(dossier, "tool.unnecessary_call", Component.TOOL, severity, one.call, text)
