"""Whether the answer is right."""

from __future__ import annotations

from collections.abc import Sequence

from traceeval.graph import declines, gold_facts, unanswerable
from traceeval.graph.views import AnswerView, Reading
from traceeval.measures.claims import claims_of
from traceeval.measures.facts import Fact, denies, is_value, states, states_any
from traceeval.model import Evidence
from traceeval.registry import scorer
from traceeval.scorers.generator._answers import NO_REFERENCE


@scorer("generator.correct", needs=("reference.answer",))
def correct(view: AnswerView) -> Reading:
    """Value answers: 1 iff the asserted value is one of the references. Long answers: F1 of facts stated both ways.

    A refusal is right iff the question is declared unanswerable, and any answer to such a question is wrong. ``why``
    and evidence name the gold facts that the answer contradicts. Source: metrics.md section 5.
    """
    if view.answer is None:
        return Reading.failed("missing_evidence: the answer's text was not recorded", span=view.span)
    refused = declines(view.answer)
    if unanswerable(view.reference):
        return Reading.scored(float(refused), why="unanswerable: declared", span=view.span)
    facts = gold_facts(view.reference)
    if facts is None:
        return Reading.not_applicable(NO_REFERENCE, span=view.span)
    if refused:
        return Reading.scored(0.0, why="refusal: the question can be answered", span=view.span)
    if len(facts) == 1 and any(is_value(one) for one in facts[0]):
        return _value(view, facts[0])
    return _long(view, facts)


def _value(view: AnswerView, fact: Fact) -> Reading:
    answer = view.answer or ""
    if denies(answer, fact, view.question):
        told = f"contradicted: the answer rejects {fact[0]!r}"
        return Reading.scored(0.0, why=told, span=view.span, evidence=_contradicted(view, [fact]))
    value = float(states_any(answer, fact, view.question))
    return Reading.scored(value, why="value: typed comparison", span=view.span)


def _long(view: AnswerView, facts: Sequence[Fact]) -> Reading:
    answer = view.answer or ""
    claims = [sentence.text for sentence in claims_of(answer) if sentence.skip is None]
    if not facts and not claims:
        return Reading.undefined("no_claims: neither side claims anything", span=view.span)
    recall = sum(states_any(answer, fact, view.question) for fact in facts) / len(facts) if facts else 0.0
    precision = sum(_right(claim, facts, view.question) for claim in claims) / len(claims) if claims else 0.0
    value = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    against = [fact for fact in facts if denies(answer, fact, view.question)]
    why = f"facts: precision {precision:.2f}, recall {recall:.2f}, contradicted {len(against)}"
    units = len(facts) + len(claims)
    return Reading.scored(value, why=why, units=units, span=view.span, evidence=_contradicted(view, against))


def _right(claim: str, facts: Sequence[Fact], question: str | None) -> bool:
    """Whether the reference says what a claim says, or the claim states a value of the reference."""
    gold = " ".join(one for fact in facts for one in fact)
    return states(gold, claim) or any(states_any(claim, f, question) for f in facts if any(map(is_value, f)))


def _contradicted(view: AnswerView, facts: Sequence[Fact]) -> tuple[Evidence, ...]:
    """The sentences of the answer that reject a gold fact or turn it round."""
    return tuple(
        Evidence(span=view.span or "", field="answer", quote=sentence.text, start=sentence.start, end=sentence.end)
        for fact in facts
        for sentence in claims_of(view.answer or "")
        if denies(sentence.text, fact, view.question)
    )
