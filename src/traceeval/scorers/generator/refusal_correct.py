"""Whether the answer refused exactly when it should."""

from __future__ import annotations

from traceeval.graph import declines_in_part, given_facts, gold_facts, unanswerable
from traceeval.graph.views import AnswerView, Reading
from traceeval.judge import Asking
from traceeval.registry import scorer
from traceeval.scorers.generator._answers import checked, missing


@scorer("generator.refusal_correct", needs=("reference.answer",))
def refusal_correct(view: AnswerView) -> Asking[Reading]:
    """1 iff refused = unanswerable: declared, or no gold fact stands in the prompt. Source: metrics.md section 4.

    An answer that declines one thing and claims another has not refused; ``why`` says so.
    """
    early = missing(view)
    if early is not None:
        return early
    answerable = _answerable(view)
    if answerable is None:
        return Reading.not_applicable("no_reference: whether the question can be answered is unknown", span=view.span)
    result = yield from checked(view)
    why = "partial_refusal: declines a part, claims another" if declines_in_part(view.answer or "") else ""
    return Reading.scored(float(result.refusal != answerable), why=why, span=view.span)


def _answerable(view: AnswerView) -> bool | None:
    """Declared, else whether any gold fact stands in the prompt; None when there is no gold."""
    declared = unanswerable(view.reference)
    if declared is not None:
        return not declared
    return bool(given_facts(view)) if gold_facts(view.reference) else None
