"""Whether the answer uses the gold facts it was given."""

from __future__ import annotations

from traceeval.graph.views import AnswerView, Reading
from traceeval.measures.facts import states_any
from traceeval.model import Evidence
from traceeval.registry import scorer
from traceeval.scorers.generator._answers import NO_REFERENCE, gold_facts, missing


@scorer("generator.utilisation", needs=("reference.answer",))
def utilisation(view: AnswerView) -> Reading:
    """Gold facts in the prompt and in the answer over gold facts in the prompt; evidence lists the ignored ones.

    Undefined when no gold fact stands in the prompt. Source: metrics.md section 5.
    """
    early = missing(view)
    if early is not None:
        return early
    facts = gold_facts(view)
    if facts is None:
        return Reading.not_applicable(NO_REFERENCE, span=view.span)
    given = [
        (fact, passage)
        for fact in facts
        if (passage := next((p for p in view.passages or () if p.kind != "user" and states_any(p.text, fact)), None))
    ]
    if not given:
        return Reading.undefined("no_fact: no gold fact stands in the prompt", span=view.span)
    ignored = [(fact, passage) for fact, passage in given if not states_any(view.answer or "", fact)]
    last = max(len(view.passages or ()) - 1, 1)
    evidence = tuple(
        Evidence(
            span=passage.span or view.span or "",
            field=f"prompt third {1 + min(2, 3 * passage.position // (last + 1))}",
            quote=fact[0],
        )
        for fact, passage in ignored
    )
    return Reading.scored(1 - len(ignored) / len(given), units=len(given), span=view.span, evidence=evidence)
