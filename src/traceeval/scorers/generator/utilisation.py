"""Whether the answer uses the gold facts it was given."""

from __future__ import annotations

from traceeval.graph import Given, given_facts, gold_facts
from traceeval.graph.views import AnswerView, Reading
from traceeval.model import Evidence
from traceeval.registry import scorer
from traceeval.scorers.generator._answers import NO_REFERENCE, missing


@scorer("generator.utilisation", needs=("reference.answer",))
def utilisation(view: AnswerView) -> Reading:
    """Gold facts in the prompt and in the answer over gold facts in the prompt.

    Evidence lists the ignored ones: chunk, range, and the third of the context they stand in. Undefined when no gold
    fact stands in the prompt. Source: metrics.md section 5.
    """
    early = missing(view)
    if early is not None:
        return early
    if gold_facts(view.reference) is None:
        return Reading.not_applicable(NO_REFERENCE, span=view.span)
    given = given_facts(view)
    if not given:
        return Reading.undefined("no_fact: no gold fact stands in the prompt", span=view.span)
    ignored = [one for one in given if not one.used]
    evidence = tuple(_evidence(one, view) for one in ignored)
    why = f"ignored: {len(ignored)} of {len(given)} facts in the prompt" if ignored else ""
    return Reading.scored(1 - len(ignored) / len(given), why=why, units=len(given), span=view.span, evidence=evidence)


def _evidence(one: Given, view: AnswerView) -> Evidence:
    where = f" (third {' and '.join(map(str, sorted(one.thirds)))} of the context)" if one.thirds else ""
    span = one.passage.span or view.span or ""
    return Evidence(span=span, field=f"{one.passage.id}{where}", quote=one.quote, start=one.start, end=one.end)
