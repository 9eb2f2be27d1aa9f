"""Whether the answer answers everything it was asked."""

from __future__ import annotations

from traceeval.graph import declines, unanswerable
from traceeval.graph.views import AnswerView, Reading
from traceeval.measures.completeness import answered
from traceeval.model import Evidence
from traceeval.registry import scorer
from traceeval.scorers.generator._answers import question_of


@scorer("generator.complete")
def complete(view: AnswerView) -> Reading:
    """Parts of the question that are answered over all of them; evidence lists those that are not.

    A part is decided by the type of answer it expects: a date, a count, a number, a name, yes or no, a list. One that
    expects none of these, or whose answer cannot be told by type, stays open: ``failed: needs_judge`` with bounds. A
    refusal answers nothing; of a question without an answer nothing is asked for. Source: metrics.md section 5.
    """
    question = question_of(view)
    if isinstance(question, Reading):
        return question
    if view.answer is None:
        return Reading.failed("missing_evidence: the answer's text was not recorded", span=view.span)
    if unanswerable(view.reference):
        return Reading.not_applicable("unanswerable: the question has no answer", span=view.span)
    parts = answered(question, view.answer)
    states, n = [state for _, state in parts], len(parts)
    told, left_open = states.count("answered"), states.count("open")
    evidence = tuple(
        Evidence(span=view.span or "", field=f"question ({part.expects}), {state}", quote=part.text)
        for part, state in parts
        if state != "answered"
    )
    if declines(view.answer):
        return Reading.scored(0.0, why="refusal: nothing is answered", units=n, span=view.span, evidence=evidence)
    if left_open:
        bounds = (told / n, (told + left_open) / n)
        kinds = ", ".join(sorted({part.expects for part, state in parts if state == "open"}))
        why = f"needs_judge: {left_open} of {n} parts cannot be told by type ({kinds})"
        return Reading.failed(why, bounds=bounds, units=n, span=view.span, evidence=evidence)
    why = f"parts: {told} of {n} answered"
    return Reading.scored(told / n, why=why, units=n, span=view.span, evidence=evidence)
