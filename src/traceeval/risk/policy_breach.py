"""R-POL: a policy rule of the user's was violated."""

from __future__ import annotations

from traceeval.graph import Dossier
from traceeval.model import RiskReason
from traceeval.registry import risk_rule
from traceeval.risk._reasons import reason


@risk_rule("policy_breach", id="R-POL")
def policy_breach(dossier: Dossier) -> RiskReason | None:
    """The worst violation of a policy rule; its severity sets the weight and the floor."""
    found = [f for f in dossier.findings if f.code.startswith("guard.policy") and f.state == "defect"]
    if not found:
        return None
    worst = max(found, key=lambda f: f.severity)
    more = f", and {len(found) - 1} more" if len(found) > 1 else ""
    evidence = [one for f in found for one in f.evidence]
    return reason(
        dossier,
        "policy_breach",
        f"{worst.code}: {worst.text}{more}",
        evidence,
        times=worst.severity / 5,
        floor=worst.severity,
        findings=[f.code for f in found],
    )
