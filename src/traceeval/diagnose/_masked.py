"""Failures the end result hides, and who compensated (metrics.md section 6)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

import msgspec

from traceeval.diagnose._subsume import MASKED
from traceeval.graph import Dossier, recalled_facts, right_facts
from traceeval.graph.views import AnswerView
from traceeval.measures.facts import Fact, states_any
from traceeval.model import Basis, Component, Evidence, Finding, Passage, Policy, Subject

State = Literal["passed", "failed", "score_failed", "undefined", "not_applicable"]
Outcome = Literal["passed", "failed", "unknown"]
Compensator = Literal["other_chunk", "later_tool", "user", "parametric", "retrieval", "tool"]


def component_state(dossier: Dossier, component: Component) -> State:
    """Whether a component passed its thresholds and has no finding of the policy's severity.

    A score that failed, is undefined or does not apply is a state of its own, never a pass. A finding that another
    component's finding already tells is not held against it.
    """
    held, statuses = True, set[str]()
    for threshold in dossier.policy.passes.get(component, ()):
        score = dossier.score(threshold.scorer)
        if score is not None:
            statuses.add(score.status)
            held = held and (score.value is None or threshold.holds(score.value))
    if not held or any(_is_defect(finding, component, dossier.policy) for finding in dossier.findings):
        return "failed"
    if "failed" in statuses:
        return "score_failed"
    return "passed" if "scored" in statuses else "undefined" if "undefined" in statuses else "not_applicable"


def _is_defect(finding: Finding, component: Component, policy: Policy) -> bool:
    return (
        finding.component is component
        and finding.state == "defect"
        and not finding.repaired
        and (finding.subsumed_by is None or finding.subsumed_by.startswith(f"{component}."))
        and finding.severity >= policy.fail_from
        and not finding.code.endswith(MASKED)
    )


def outcome_state(dossier: Dossier) -> Outcome:
    """Whether the end result passed: the first outcome threshold whose score has a value."""
    for threshold in dossier.policy.outcome:
        value = dossier.value(threshold.scorer)
        if value is not None:
            return "passed" if threshold.holds(value) else "failed"
    return "unknown"


def mask(dossier: Dossier) -> tuple[Finding, ...]:
    """All findings, those of masked components marked, and a ``masked_failure`` for each component that was hidden."""
    if outcome_state(dossier) != "passed":
        return dossier.findings
    hidden = dict(_told(compensated(dossier)))
    if not hidden:
        return dossier.findings
    causes = {component: _cause(dossier, component) for component in hidden}
    marked = (
        msgspec.structs.replace(f, masked=True, compensator=hidden[f.component])
        if f.component in hidden and f.state == "defect"
        else f
        for f in dossier.findings
    )
    failures = (_masked_failure(dossier, component, cause, hidden[component]) for component, cause in causes.items())
    return (*marked, *failures)


def compensated(dossier: Dossier) -> Mapping[Component, Compensator | None]:
    """Every component that failed though the end result is right, with who compensated, or carried the generator."""
    if outcome_state(dossier) != "passed":
        return {}
    failed = [component for component in Component if component_state(dossier, component) == "failed"]
    return {
        component: carrier_of(dossier)
        if component is Component.GENERATOR
        else compensator_of(dossier, component, _cause(dossier, component))
        for component in failed
    }


def _told(hidden: Mapping[Component, Compensator | None]) -> Iterator[tuple[Component, Compensator | None]]:
    """Those that get a finding. The generator writes the end result: it is hidden only where something carried it.

    Where the right facts came from memory, that is told of the component they should have come from; only if none
    failed is it told of the generator.
    """
    others = {component: by for component, by in hidden.items() if component is not Component.GENERATOR}
    yield from others.items()
    carrier = hidden.get(Component.GENERATOR)
    if carrier is not None and not (carrier == "parametric" and "parametric" in others.values()):
        yield Component.GENERATOR, carrier


def _cause(dossier: Dossier, component: Component) -> Finding | None:
    return next((f for f in dossier.findings if f.component is component and f.state == "defect"), None)


def _masked_failure(
    dossier: Dossier, component: Component, cause: Finding | None, compensator: Compensator | None
) -> Finding:
    verb = "carried by" if component is Component.GENERATOR else "compensated by"
    by = f"; {verb} {compensator}" if compensator else ""
    return Finding(
        code=f"{component.value}.{MASKED}",
        component=component,
        severity=3,
        key="masked",
        masked=True,
        compensator=compensator,
        basis=Basis.COUNTERFACTUAL if compensator == "parametric" and _confirmed(dossier) else Basis.OBSERVED,
        subject=cause.subject if cause else Subject(trace=dossier.trace.id),
        text=f"the {component.value} failed and the end result is right all the same{by}",
        evidence=cause.evidence if cause else _first_step(dossier),
    )


def _confirmed(dossier: Dossier) -> bool:
    """Whether every right fact that stands nowhere in the prompt was stated again without it."""
    recalled = recalled_facts(dossier.answer) if dossier.answer is not None else ()
    return bool(recalled) and all(one.confirmed for one in recalled)


def _first_step(dossier: Dossier) -> tuple[Evidence, ...]:
    """Where to begin looking when a score alone says that a component failed."""
    first = next(iter(dossier.graph.spans.values()), None)
    return (Evidence(span=first.id, field="name", quote=first.name),) if first is not None else ()


def compensator_of(dossier: Dossier, component: Component, cause: Finding | None = None) -> Compensator | None:
    """Where the right facts of the answer came from instead: the first source downstream of the component.

    Another chunk, a later tool result, the user, else the model's own memory; of several facts, the weakest source.
    Downstream of a retrieval stage is the whole prompt; downstream of a tool, what came in after the call that
    ``cause`` is about. What it supplied all the same, in a relevant chunk or a fact known before, it does not owe.
    None when no right fact was the component's to give.
    """
    view = dossier.answer
    if component not in _SUPPLIES or view is None:
        return None
    passages = view.passages or ()
    known = [
        p.text
        for p in passages
        if (_came_before(p, cause, dossier) if component is Component.TOOL else _is_relevant(p, dossier))
    ]
    owed = (fact for fact in right_facts(view) if not any(states_any(text, fact, view.question) for text in known))
    return min((_source(fact, view) for fact in owed), key=_LADDER.index, default=None)


def _came_before(passage: Passage, cause: Finding | None, dossier: Dossier) -> bool:
    spans = dossier.graph.spans
    failed, told = (spans.get(span or "") for span in (cause.subject.span if cause else None, passage.span))
    return failed is not None and told is not None and told.seq <= failed.seq


def _is_relevant(passage: Passage, dossier: Dossier) -> bool:
    """Whether a chunk is of a document that the reference calls relevant."""
    reference = dossier.reference
    if reference is None or not reference.documents or passage.doc is None:
        return False
    return reference.documents.get(passage.doc, 0) >= reference.rel_level


def carrier_of(dossier: Dossier) -> Compensator | None:
    """What the right facts of the answer rest on; of several, the weakest. None when the answer states no gold fact."""
    view = dossier.answer
    if view is None:
        return None
    sources = (_CARRIES.get(source, source) for source in (_source(fact, view) for fact in right_facts(view)))
    return min(sources, key=_LADDER.index, default=None)


_SUPPLIES = frozenset({Component.RETRIEVER, Component.RERANKER, Component.ASSEMBLER, Component.TOOL})
_CARRIES: Mapping[Compensator, Compensator] = {"other_chunk": "retrieval", "later_tool": "tool"}
_LADDER: Sequence[Compensator] = ("parametric", "user", "later_tool", "tool", "other_chunk", "retrieval")


def _source(fact: Fact, view: AnswerView) -> Compensator:
    kinds = {passage.kind for passage in view.passages or () if states_any(passage.text, fact, view.question)}
    if kinds & {"chunk", "prompt"}:
        return "other_chunk"
    return "later_tool" if "tool" in kinds else "user" if "user" in kinds else "parametric"
