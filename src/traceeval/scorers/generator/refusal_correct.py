"""Whether the answer refused exactly when it should."""

from __future__ import annotations

from traceeval.graph.views import AnswerView, Reading
from traceeval.judge import Asking
from traceeval.measures.facts import states_any
from traceeval.registry import scorer
from traceeval.scorers.generator._answers import checked, context_texts, gold_facts, missing


@scorer("generator.refusal_correct", needs=("reference.answer",))
def refusal_correct(view: AnswerView) -> Asking[Reading]:
    """1 iff refused = unanswerable: declared, or no gold fact stands in the prompt. Source: metrics.md section 4."""
    early = missing(view)
    if early is not None:
        return early
    answerable = _answerable(view)
    if answerable is None:
        return Reading.not_applicable("no_reference: whether the question can be answered is unknown", span=view.span)
    result = yield from checked(view)
    return Reading.scored(float(result.refusal != answerable), span=view.span)


def _answerable(view: AnswerView) -> bool | None:
    """Declared, else whether any gold fact stands in the prompt; None when there is no gold."""
    if view.reference is not None and view.reference.answerable is not None:
        return view.reference.answerable
    facts = gold_facts(view)
    if not facts:
        return None
    texts = context_texts(view)
    return any(states_any(text, fact) for fact in facts for text in texts)
