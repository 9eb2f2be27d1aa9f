"""Claims that nobody could decide."""

from __future__ import annotations

from traceeval.graph import Dossier
from traceeval.model import ClaimVerdict, Evidence, RiskReason
from traceeval.registry import risk_rule
from traceeval.risk._reasons import reason

_MOST = 2.0


@risk_rule("deferred_claim")
def deferred_claim(dossier: Dossier) -> RiskReason | None:
    """Deferred claims, each by how undecided it is: 1 - 2|p - .5|, a veto counts 1, another language .3."""
    checked, view = dossier.checked, dossier.answer
    open_ = [v for v in checked.verdicts if v.outcome == "defer"] if checked is not None else []
    if not open_:
        return None
    total = min(sum(_undecided(verdict) for verdict in open_), _MOST)
    first = max(open_, key=_undecided)
    span = (view.span if view is not None else None) or dossier.trace.spans[0].id
    evidence = [Evidence(span=span, field="answer", quote=v.claim.text) for v in open_]
    why = ", ".join(first.codes[:2]) + (f": {first.note}" if first.note else "")
    text = f"{len(open_)} claims undecided ({why}): {first.claim.text}"
    return reason(dossier, "deferred_claim", text, evidence, times=total, acted=0.0)


def _undecided(verdict: ClaimVerdict) -> float:
    if any(code.startswith("veto_") for code in verdict.codes):
        return 1.0
    if "language_mismatch" in verdict.codes or "too_short" in verdict.codes:
        return 0.3
    return 1 - 2 * abs((verdict.p if verdict.p is not None else 0.5) - 0.5)
