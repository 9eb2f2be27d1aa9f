"""How strongly the context supports the answer, as one continuous number."""

from __future__ import annotations

from traceeval.graph.views import AnswerView, Reading
from traceeval.judge import Asking
from traceeval.registry import scorer
from traceeval.scorers.generator._answers import asked, checked, missing, no_claims


@scorer("generator.support")
def support(view: AnswerView) -> Asking[Reading]:
    """The checker's continuous support of the whole answer, 0..1: for ranking and correlation, never a gate by itself.

    Source: faithfulness.md section 3.
    """
    early = missing(view)
    if early is not None:
        return early
    result = yield from checked(view)
    if result.support is None:
        return no_claims(result, view)
    units = len(asked(result))
    if not view.complete:
        return Reading.failed(f"missing_evidence: {view.gap} is cut or redacted", units=units, span=view.span)
    return Reading.scored(result.support, why=f"by: {result.by}", units=units, span=view.span)
