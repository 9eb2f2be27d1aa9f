"""The gold fact stands in the prompt, and not in the answer."""

from __future__ import annotations

from collections.abc import Iterator

from traceeval.graph import Dossier
from traceeval.graph.views import AnswerView
from traceeval.measures.facts import Fact, facts_of, states_any
from traceeval.model import Component, Evidence, Finding, Passage, Subject
from traceeval.registry import diagnosis


@diagnosis("generator.ignored_evidence", severity=3)
def ignored_evidence(dossier: Dossier) -> Iterator[Finding]:
    """A fact of the reference that the prompt held and the answer does not state."""
    view = dossier.answer
    if view is None or view.answer is None or view.reference is None:
        return
    facts = facts_of(view.reference.answer, view.reference.claims)
    held = [(fact, passage) for fact in facts if (passage := _holder(fact, view)) is not None]
    ignored = [(fact, passage) for fact, passage in held if not states_any(view.answer, fact)]
    if not ignored or len(ignored) * 2 < len(held):
        return
    fact, passage = ignored[0]
    yield Finding(
        code="generator.ignored_evidence",
        component=Component.GENERATOR,
        severity=3,
        key="gold",
        subject=Subject(trace=dossier.trace.id, span=view.span),
        text=f"the prompt holds {fact[0]!r} in {passage.id}; the answer does not say so",
        evidence=tuple(_evidence(view, passage, dossier)),
    )


def _holder(fact: Fact, view: AnswerView) -> Passage | None:
    return next((p for p in view.passages or () if p.kind != "user" and states_any(p.text, fact)), None)


def _evidence(view: AnswerView, passage: Passage, dossier: Dossier) -> Iterator[Evidence]:
    span = view.span or dossier.trace.spans[0].id
    yield Evidence(span=span, field="answer", quote=(view.answer or "")[:200])
    if passage.span is not None:
        yield Evidence(span=passage.span, field=passage.id, quote=passage.text[:200])
