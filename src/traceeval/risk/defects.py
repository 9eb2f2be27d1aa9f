"""R-DEF: what the soundness rules found, weighted by severity."""

from __future__ import annotations

from collections.abc import Sequence

from traceeval.graph import Dossier
from traceeval.model import Component, Finding, RiskReason
from traceeval.registry import risk_rule
from traceeval.risk._reasons import reason

_MOST = 4.0
_ACTING = frozenset({Component.GUARD, Component.PLANNER, Component.TOOL})
_OWN_RULES = ("masked_failure", "guard.policy")


@risk_rule("defects", id="R-DEF")
def defects(dossier: Dossier) -> RiskReason | None:
    """The weighted sum of defects that no other subsumes; the worst severity is the floor.

    What guard, planner and tool did counts as harm, the rest as a matter of the answer.
    """
    found = [
        f
        for f in dossier.findings
        if f.state == "defect" and f.subsumed_by is None and f.severity >= 2 and not f.code.endswith(_OWN_RULES)
    ]
    if not found:
        return None
    total = _sum(dossier, found)
    worst = max(found, key=lambda f: f.severity)
    more = f", and {len(found) - 1} more" if len(found) > 1 else ""
    return reason(
        dossier,
        "defects",
        f"{worst.code}: {worst.text}{more}",
        [e for f in found for e in f.evidence],
        times=total,
        floor=worst.severity,
        findings=[f.code for f in found],
        acted=_sum(dossier, [f for f in found if f.component in _ACTING]) / total if total else 0.0,
    )


def _sum(dossier: Dossier, found: Sequence[Finding]) -> float:
    weights = dossier.policy.severity_weights
    return min(sum(weights.get(str(f.severity), float(f.severity)) for f in found), _MOST)
