"""A component failed and the end result hides it."""

from __future__ import annotations

from traceeval.graph import Dossier
from traceeval.model import RiskReason
from traceeval.registry import risk_rule
from traceeval.risk._reasons import reason


@risk_rule("masked_failure")
def masked_failure(dossier: Dossier) -> RiskReason | None:
    """The end result is right although a component failed: an outage that has not happened yet."""
    found = [f for f in dossier.findings if f.code.endswith("masked_failure")]
    if not found:
        return None
    return reason(
        dossier,
        "masked_failure",
        found[0].text,
        [e for f in found for e in f.evidence],
        floor=3,
        acted=0.0,
        findings=[f.code for f in found],
    )
