"""Whether negations, hedges and conditions survive."""

from __future__ import annotations

from traceeval.graph.views import AnswerView, Reading
from traceeval.judge import Asking
from traceeval.model import Evidence
from traceeval.registry import scorer
from traceeval.scorers.generator._answers import checked, missing, no_claims


@scorer("generator.kept_qualifiers")
def kept_qualifiers(view: AnswerView) -> Asking[Reading]:
    """Qualifiers of the source sentences the answer used that survive in a claim, over all of them.

    Undefined when there is nothing to keep, not applicable to a refusal. Source: metrics.md section 4.
    """
    early = missing(view)
    if early is not None:
        return early
    result = yield from checked(view)
    total = result.kept + len(result.dropped)
    if result.refusal:
        return no_claims(result, view)
    if not total:
        return Reading.undefined("nothing_to_keep: no used sentence has a qualifier", span=view.span)
    evidence = tuple(Evidence(span=view.span or "", field="answer", quote=diff.claim) for diff in result.dropped)
    return Reading.scored(result.kept / total, units=total, span=view.span, evidence=evidence)
