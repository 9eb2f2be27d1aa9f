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
    acted: float = 1.0,
) -> RiskReason:
    """One reason with the policy's weight times ``times``; a rule the policy does not name weighs nothing.

    ``acted``: the share of it that is about what the agent did, and not about its answer.
    """
    inferred = any(call.spec.basis is Basis.INFERRED for call in calls)
    weight = dossier.policy.rules.get(rule, 0.0) * times
    return RiskReason(
        rule=rule,
        weight=weight,
        harm=None if acted == 1 else weight * acted,
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
