"""R-DEF: what the soundness rules found, weighted by severity."""

from __future__ import annotations

from traceeval.graph import Dossier
from traceeval.model import RiskReason
from traceeval.registry import risk_rule
from traceeval.risk._reasons import reason

_MOST = 4.0


@risk_rule("defects", id="R-DEF")
def defects(dossier: Dossier) -> RiskReason | None:
    """The weighted sum of defects that no other subsumes; the worst severity is the floor."""
    found = [
        f
        for f in dossier.findings
        if f.state == "defect" and f.subsumed_by is None and f.severity >= 2 and not f.code.endswith("masked_failure")
    ]
    if not found:
        return None
    total = sum(dossier.policy.severity_weights.get(str(f.severity), float(f.severity)) for f in found)
    worst = max(found, key=lambda f: f.severity)
    more = f", and {len(found) - 1} more" if len(found) > 1 else ""
    return reason(
        dossier,
        "defects",
        f"{worst.code}: {worst.text}{more}",
        [e for f in found for e in f.evidence],
        times=min(total, _MOST),
        floor=worst.severity,
        findings=[f.code for f in found],
    )
