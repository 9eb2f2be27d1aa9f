"""R-INJ: outside text that gives the model orders, whether or not they were carried out."""

from __future__ import annotations

from traceeval.graph import Dossier
from traceeval.model import Evidence, RiskReason
from traceeval.registry import risk_rule
from traceeval.risk._reasons import reason


@risk_rule("instruction_text", id="R-INJ", needs=("output_trust",))
def instruction_text(dossier: Dossier) -> RiskReason | None:
    """A result or a document addresses the model as an instruction. Even resisted, somebody put it there."""
    found = dossier.graph.segments
    if not found:
        return None
    evidence = [
        Evidence(span=one.span, field=one.field, quote=one.quote, start=one.start, end=one.end) for one in found
    ]
    text = f"{found[0].field} of {found[0].span} addresses the model: {found[0].quote[:120]!r}"
    return reason(dossier, "instruction_text", text, evidence)
