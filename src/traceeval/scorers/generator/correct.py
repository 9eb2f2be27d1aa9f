"""Whether the answer is right."""

from __future__ import annotations

from traceeval.graph.views import AnswerView, Reading
from traceeval.measures.claims import claims_of
from traceeval.measures.facts import is_value, states_any
from traceeval.measures.refusals import refuses
from traceeval.registry import scorer
from traceeval.scorers.generator._answers import NO_REFERENCE, gold_facts


@scorer("generator.correct", needs=("reference.answer",))
def correct(view: AnswerView) -> Reading:
    """Value answers: 1 iff the asserted value is one of the references. Long answers: F1 of facts stated both ways.

    A refusal is right iff the question is declared unanswerable, and any answer to such a question is wrong.
    Source: metrics.md section 5.
    """
    if view.answer is None:
        return Reading.failed("missing_evidence: the answer's text was not recorded", span=view.span)
    claims = [sentence for sentence in claims_of(view.answer) if sentence.skip is None]
    refused = bool(claims) and all(refuses(sentence.text) for sentence in claims)
    if view.reference is not None and view.reference.answerable is False:
        return Reading.scored(float(refused), why="unanswerable: declared", span=view.span)
    facts = gold_facts(view)
    if facts is None:
        return Reading.not_applicable(NO_REFERENCE, span=view.span)
    if refused:
        return Reading.scored(0.0, why="refusal: the question can be answered", span=view.span)
    if not facts and not claims:
        return Reading.undefined("no_claims: neither side claims anything", span=view.span)
    if len(facts) == 1 and any(is_value(one) for one in facts[0]):
        return Reading.scored(float(states_any(view.answer, facts[0])), why="value: typed comparison", span=view.span)
    recall = sum(states_any(view.answer, fact) for fact in facts) / len(facts) if facts else 0.0
    gold = " ".join(one for fact in facts for one in fact)
    precision = sum(states_any(gold, (c.text,)) for c in claims) / len(claims) if claims else 0.0
    value = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    why = f"facts: precision {precision:.2f}, recall {recall:.2f}"
    return Reading.scored(value, why=why, units=len(facts) + len(claims), span=view.span)
