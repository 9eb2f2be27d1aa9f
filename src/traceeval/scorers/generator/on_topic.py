"""Whether the answer keeps to what was asked."""

from __future__ import annotations

from traceeval.graph import declines
from traceeval.graph.views import AnswerView, Reading
from traceeval.measures.completeness import bearing
from traceeval.model import Evidence
from traceeval.registry import scorer
from traceeval.scorers.generator._answers import question_of


@scorer("generator.on_topic")
def on_topic(view: AnswerView) -> Reading:
    """Claims that bear on a part of the question over all claims; evidence lists those that do not.

    A claim is off the topic when it shares no word with any part, points back to no claim that does, and every part
    expects a value; where why or how is asked, such a claim stays open: ``failed: needs_judge`` with bounds. It says
    nothing about being right. Source: metrics.md section 5.
    """
    question = question_of(view)
    if isinstance(question, Reading):
        return question
    if view.answer is None:
        return Reading.failed("missing_evidence: the answer's text was not recorded", span=view.span)
    if declines(view.answer):
        return Reading.not_applicable("refusal: the answer declines to answer", span=view.span)
    claims = bearing(question, view.answer)
    if not claims:
        return Reading.undefined("no_claims: the answer claims nothing that can be checked", span=view.span)
    states, n = [state for _, state in claims], len(claims)
    on, left_open = states.count("on"), states.count("open")
    evidence = tuple(
        Evidence(span=view.span or "", field="answer", quote=claim.text, start=claim.start, end=claim.end)
        for claim, state in claims
        if state == "off"
    )
    if left_open:
        bounds = (on / n, (on + left_open) / n)
        why = f"needs_judge: whether {left_open} of {n} claims bear on the question cannot be told by words"
        return Reading.failed(why, bounds=bounds, units=n, span=view.span, evidence=evidence)
    why = f"claims: {on} of {n} bear on the question"
    return Reading.scored(on / n, why=why, units=n, span=view.span, evidence=evidence)
