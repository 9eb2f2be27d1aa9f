"""Failures the end result hides, and who compensated (metrics.md section 6)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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
    hidden: dict[Component, Compensator | None] = {
        component: compensator_of(dossier, component)
        for component in Component
        if component is not Component.GENERATOR and component_state(dossier, component) == "failed"
    }
    marked = [
        msgspec.structs.replace(f, masked=True, compensator=hidden[f.component])
        if f.component in hidden and f.state == "defect"
        else f
        for f in dossier.findings
    ]
    return (*marked, *_masked_failures(dossier, hidden))


def _masked_failures(dossier: Dossier, hidden: dict[Component, Compensator | None]) -> Iterator[Finding]:
    for component, compensator in hidden.items():
        cause = next((f for f in dossier.findings if f.component is component and f.state == "defect"), None)
        span = cause.subject.span if cause else None
        where = span or dossier.trace.spans[0].id
        by = f"; compensated by {compensator}" if compensator else ""
        yield Finding(
            code=f"{component.value}.{MASKED}",
            component=component,
            severity=3,
            key="masked",
            masked=True,
            compensator=compensator,
            subject=Subject(trace=dossier.trace.id, span=span),
            text=f"the {component.value} failed and the end result is right all the same{by}",
            evidence=cause.evidence if cause else (Evidence(span=where, field="name", quote=_name(dossier, where)),),
        )


def _name(dossier: Dossier, span: str) -> str:
    return dossier.graph.spans[span].name if span in dossier.graph.spans else ""


def compensator_of(dossier: Dossier, component: Component) -> Compensator | None:
    """Where the right facts of the answer came from instead: the first source downstream of the component.

    Another chunk, a later tool result, the user, else the model's own memory. None without gold facts in the answer.
    """
    view = dossier.answer
    if component not in _SUPPLIES or view is None or view.reference is None or view.answer is None:
        return None
    facts = facts_of(view.reference.answer, view.reference.claims)
    right = [fact for fact in facts if states_any(view.answer, fact)]
    if not right:
        return None
    sources = [_source(fact, view.passages or ()) for fact in right]
    return min(sources, key=_LADDER.index)


_SUPPLIES = frozenset({Component.RETRIEVER, Component.RERANKER, Component.ASSEMBLER})
_LADDER: Sequence[Compensator] = ("parametric", "user", "later_tool", "other_chunk")


def _source(fact: Fact, passages: Sequence[Passage]) -> Compensator:
    kinds = {passage.kind for passage in passages if states_any(passage.text, fact)}
    if kinds & {"chunk", "prompt"}:
        return "other_chunk"
    return "later_tool" if "tool" in kinds else "user" if "user" in kinds else "parametric"
