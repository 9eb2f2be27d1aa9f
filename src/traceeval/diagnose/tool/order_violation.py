"""Expected calls, in the wrong order."""

from __future__ import annotations

from collections.abc import Iterator

from traceeval.diagnose._calls import about
from traceeval.diagnose.tool._matched import match_of
from traceeval.graph import Dossier
from traceeval.model import Component, Finding
from traceeval.registry import diagnosis


@diagnosis("tool.order_violation", severity=3)
def order_violation(dossier: Dossier) -> Iterator[Finding]:
    """A matched call ran before one it had to follow; calls of one parallel batch have no order."""
    match = match_of(dossier)
    for one in match.calls if match is not None else ():
        if one.out_of_order and one.spec is not None:
            text = f"{one.call.name} had to follow {', '.join(one.spec.after)}"
            yield about(dossier, "tool.order_violation", Component.TOOL, 3, one.call, text)
