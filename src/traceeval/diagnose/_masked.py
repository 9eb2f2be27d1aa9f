"""Failures the end result hides, and who compensated (metrics.md section 6)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import msgspec

from traceeval.diagnose._subsume import MASKED
from traceeval.graph import Dossier
from traceeval.measures.facts import Fact, facts_of, states_any
from traceeval.model import Component, Evidence, Finding, Passage, Subject

State = Literal["passed", "failed", "unknown"]
Compensator = Literal["other_chunk", "later_tool", "user", "parametric"]


def component_state(dossier: Dossier, component: Component) -> State:
    """Whether a component passed its thresholds and has no finding of the policy's severity; unknown is no pass.

    A finding that another component's finding already tells is not held against it.
    """
    scores = [
        (threshold, dossier.score(threshold.scorer)) for threshold in dossier.policy.passes.get(component.value, ())
    ]
    known = [
        threshold.holds(score.value) for threshold, score in scores if score is not None and score.value is not None
    ]
    defect = any(
        finding.component is component
        and finding.state == "defect"
        and not finding.repaired
        and (finding.subsumed_by is None or finding.subsumed_by.startswith(f"{component.value}."))
        and finding.severity >= dossier.policy.fail_from
        and not finding.code.endswith(MASKED)
        for finding in dossier.findings
    )
    if defect or not all(known):
        return "failed"
    failed = any(score is not None and score.status == "failed" for _, score in scores)
    return "passed" if known and not failed else "unknown"


def outcome_state(dossier: Dossier) -> State:
    """Whether the end result passed: the first outcome threshold whose score has a value."""
    for threshold in dossier.policy.outcome:
        value = dossier.value(threshold.scorer)
        if value is not None:
            return "passed" if threshold.holds(value) else "failed"
    return "unknown"


def mask(dossier: Dossier) -> tuple[Finding, ...]:
    """All findings, those of masked components marked, and a ``masked_failure`` for each component that was hidden.

    The generator writes the end result, so it is not among the hidden: its failures show in it.
    """
    if outcome_state(dossier) != "passed":
        return dossier.findings
    causes = {
        component: next((f for f in dossier.findings if f.component is component and f.state == "defect"), None)
        for component in Component
        if component is not Component.GENERATOR and component_state(dossier, component) == "failed"
    }
    hidden = {component: compensator_of(dossier, component, cause) for component, cause in causes.items()}
    marked = (
        msgspec.structs.replace(f, masked=True, compensator=hidden[f.component])
        if f.component in hidden and f.state == "defect"
        else f
        for f in dossier.findings
    )
    failures = (_masked_failure(dossier, component, cause, hidden[component]) for component, cause in causes.items())
    return (*marked, *failures)


def _masked_failure(
    dossier: Dossier, component: Component, cause: Finding | None, compensator: Compensator | None
) -> Finding:
    by = f"; compensated by {compensator}" if compensator else ""
    return Finding(
        code=f"{component.value}.{MASKED}",
        component=component,
        severity=3,
        key="masked",
        masked=True,
        compensator=compensator,
        subject=cause.subject if cause else Subject(trace=dossier.trace.id),
        text=f"the {component.value} failed and the end result is right all the same{by}",
        evidence=cause.evidence if cause else _first_step(dossier),
    )


def _first_step(dossier: Dossier) -> tuple[Evidence, ...]:
    """Where to begin looking when a score alone says that a component failed."""
    first = next(iter(dossier.graph.spans.values()), None)
    return (Evidence(span=first.id, field="name", quote=first.name),) if first is not None else ()


def compensator_of(dossier: Dossier, component: Component, cause: Finding | None = None) -> Compensator | None:
    """Where the right facts of the answer came from instead: the first source downstream of the component.

    Another chunk, a later tool result, the user, else the model's own memory; of several facts, the weakest source.
    Downstream of a retrieval stage is the whole prompt; downstream of a tool, what came in after the call that
    ``cause`` is about: a fact known before was nothing it owed. None when no right fact was the component's to give.
    """
    view = dossier.answer
    if component not in _SUPPLIES or view is None or view.reference is None or view.answer is None:
        return None
    passages = view.passages or ()
    right = [f for f in facts_of(view.reference.answer, view.reference.claims) if states_any(view.answer, f)]
    if component is Component.TOOL:
        known = [passage.text for passage in passages if _came_before(passage, cause, dossier)]
        right = [fact for fact in right if not any(states_any(text, fact) for text in known)]
    return min((_source(fact, passages) for fact in right), key=_LADDER.index, default=None)


def _came_before(passage: Passage, cause: Finding | None, dossier: Dossier) -> bool:
    spans = dossier.graph.spans
    failed, told = (spans.get(span or "") for span in (cause.subject.span if cause else None, passage.span))
    return failed is not None and told is not None and told.seq <= failed.seq


_SUPPLIES = frozenset({Component.RETRIEVER, Component.RERANKER, Component.ASSEMBLER, Component.TOOL})
_LADDER: Sequence[Compensator] = ("parametric", "user", "later_tool", "other_chunk")


def _source(fact: Fact, passages: Sequence[Passage]) -> Compensator:
    kinds = {passage.kind for passage in passages if states_any(passage.text, fact)}
    if kinds & {"chunk", "prompt"}:
        return "other_chunk"
    return "later_tool" if "tool" in kinds else "user" if "user" in kinds else "parametric"
