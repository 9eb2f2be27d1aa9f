"""The empty cases the generator's scores share (metrics.md sections 4 and 5)."""

from __future__ import annotations

from collections.abc import Generator

from traceeval.graph.views import AnswerView, Reading
from traceeval.judge import Ask
from traceeval.measures.questions import asks
from traceeval.model import Checked, ClaimVerdict, Evidence

NO_REFERENCE = "no_reference: no answer or claims in the reference"


def missing(view: AnswerView) -> Reading | None:
    """A reading that ends a score before it asks: no answer, or a prompt nobody recorded."""
    if view.answer is None:
        return Reading.failed("missing_evidence: the answer's text was not recorded", span=view.span)
    if view.passages is None:
        return Reading.failed("missing_evidence: the prompt was not recorded", span=view.span)
    return None


def checked(view: AnswerView) -> Generator[Ask, Checked, Checked]:
    """Ask once for every claim of the answer; call only when ``missing`` is None."""
    return (yield Ask.supports(view.answer or "", view.passages or (), view.question, view.system))


def asked(result: Checked) -> tuple[ClaimVerdict, ...]:
    """The claims that were asked: everything but what claims nothing."""
    return tuple(verdict for verdict in result.verdicts if verdict.outcome != "not_checkable")


def no_claims(result: Checked, view: AnswerView) -> Reading:
    """What a score over claims says when there are none."""
    if result.refusal:
        return Reading.not_applicable("refusal: the answer declines to answer", span=view.span)
    return Reading.undefined("no_claims: the answer claims nothing that can be checked", span=view.span)


def claim_share(view: AnswerView, result: Checked, counted: str) -> Reading:
    """Claims with one outcome over claims asked. Deferred claims stay in the denominator, as bounds."""
    claims = asked(result)
    if not claims:
        return no_claims(result, view)
    sure = sum(verdict.outcome == counted for verdict in claims)
    open_ = sum(verdict.outcome == "defer" for verdict in claims)
    evidence = tuple(
        Evidence(span=view.span or "", field="answer", quote=v.claim.text, start=v.claim.span[0], end=v.claim.span[1])
        for v in claims
        if v.outcome == "unsupported"
    )
    if not view.complete:
        low, high = (0.0, 1.0) if counted == "unsupported" else (sure / len(claims), 1.0)
        why = f"missing_evidence: {view.gap} is cut or redacted"
        return Reading.failed(why, bounds=(low, high), units=len(claims), span=view.span, evidence=evidence)
    if open_:
        bounds = (sure / len(claims), (sure + open_) / len(claims))
        note = next((f" ({verdict.note})" for verdict in claims if verdict.note), "")
        why = f"needs_judge: {open_} of {len(claims)} claims deferred by {result.by}{note}"
        return Reading.failed(why, bounds=bounds, units=len(claims), span=view.span, evidence=evidence)
    return Reading.scored(
        sure / len(claims), why=f"by: {result.by}", units=len(claims), span=view.span, evidence=evidence
    )


def question_of(view: AnswerView) -> str | Reading:
    """What the answer had to tell: the user's last turn, or the question.

    A turn that asks for nothing, as ``yes, please``, is none, nor is a request to do something; a few keywords are.
    """
    question = view.asked or view.question
    if question is None:
        return Reading.not_applicable("no_question: the trace has no question", span=view.span)
    if asks(question) or (view.asked is None and len(question.split()) <= _KEYWORDS):
        return question
    return Reading.not_applicable(
        "no_question: the user's last turn asks for nothing an answer could tell", span=view.span
    )


_KEYWORDS = 5
