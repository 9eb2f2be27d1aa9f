"""Building a reason: spans and words first, weight from the policy."""

from __future__ import annotations

from collections.abc import Sequence

from traceeval.graph import Call, Dossier
from traceeval.model import Basis, Evidence, RiskReason


def reason(
    dossier: Dossier,
    rule: str,
    text: str,
    evidence: Sequence[Evidence],
    *,
    times: float = 1.0,
    floor: int = 0,
    findings: Sequence[str] = (),
    calls: Sequence[Call] = (),
) -> RiskReason:
    """One reason with the policy's weight times ``times``; a rule the policy does not name weighs nothing."""
    inferred = any(call.spec.basis is Basis.INFERRED for call in calls)
    return RiskReason(
        rule=rule,
        weight=dossier.policy.rules.get(rule, 0.0) * times,
        text=text,
        evidence=tuple(evidence[:5]),
        spans=tuple(dict.fromkeys(one.span for one in evidence)),
        findings=tuple(dict.fromkeys(findings)),
        floor=floor,
        basis=Basis.INFERRED if inferred else Basis.OBSERVED,
    )


def called(call: Call) -> Evidence:
    """A call as evidence."""
    return Evidence(span=call.span, field="call", quote=f"{call.name}({call.arguments})"[:200])
