"""How much of the answer the context contradicts."""

from __future__ import annotations

from traceeval.graph.views import AnswerView, Reading
from traceeval.judge import Asking
from traceeval.registry import scorer
from traceeval.scorers.generator._answers import asked, checked, claim_share, missing, no_claims


@scorer("generator.contradicted", better="lower")
def contradicted(view: AnswerView) -> Asking[Reading]:
    """Contradicted claims over claims asked; a checker that cannot tell contradiction fails with bounds, never 0.

    Source: metrics.md section 4, rulings.
    """
    early = missing(view)
    if early is not None:
        return early
    result = yield from checked(view)
    claims = asked(result)
    if "contradiction" in result.can or not claims:
        return claim_share(view, result, "contradicted") if claims else no_claims(result, view)
    possible = sum(verdict.outcome != "supported" for verdict in claims) / len(claims)
    why = f"needs_judge: {result.by} finds missing support, it does not verify contradictions"
    return Reading.failed(why, bounds=(0.0, possible), units=len(claims), span=view.span)
