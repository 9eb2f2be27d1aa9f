"""How much of what is right came from nowhere in the prompt."""

from __future__ import annotations

from traceeval.graph.views import AnswerView, Reading
from traceeval.measures.facts import states_any
from traceeval.registry import scorer
from traceeval.scorers.generator._answers import NO_REFERENCE, context_texts, gold_facts, missing


@scorer("generator.fallback", better="lower", needs=("reference.answer",))
def fallback(view: AnswerView) -> Reading:
    """Right facts that stand in no chunk or tool result of the prompt, over right facts.

    ``why`` says what the prompt held instead: ``no_context`` or ``irrelevant_context``. Source: metrics.md section 5.
    """
    early = missing(view)
    if early is not None:
        return early
    facts = gold_facts(view)
    if facts is None:
        return Reading.not_applicable(NO_REFERENCE, span=view.span)
    right = [fact for fact in facts if states_any(view.answer or "", fact)]
    if not right:
        return Reading.undefined("none_right: the answer states no gold fact", span=view.span)
    texts = context_texts(view)
    own = [fact for fact in right if not any(states_any(text, fact) for text in texts)]
    if own and not view.complete:
        return Reading.failed(f"missing_evidence: {view.gap} is cut or redacted", units=len(right), span=view.span)
    why = ("irrelevant_context" if texts else "no_context") + ": observed" if own else ""
    return Reading.scored(len(own) / len(right), why=why, units=len(right), span=view.span)
