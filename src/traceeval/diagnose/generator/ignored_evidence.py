"""The gold fact stands in the prompt, and not in the answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from traceeval.graph import Dossier, Given, given_facts
from traceeval.graph.views import AnswerView
from traceeval.model import Component, Evidence, Finding, Subject
from traceeval.registry import diagnosis


@diagnosis("generator.ignored_evidence", severity=3)
def ignored_evidence(dossier: Dossier) -> Iterator[Finding]:
    """A fact of the reference that the prompt held and the answer does not state."""
    view = dossier.answer
    if view is None or view.answer is None:
        return
    given = given_facts(view)
    ignored = [one for one in given if not one.used]
    if not ignored or len(ignored) * 2 < len(given):
        return
    first = ignored[0]
    yield Finding(
        code="generator.ignored_evidence",
        component=Component.GENERATOR,
        severity=3,
        key="gold",
        subject=Subject(trace=dossier.trace.id, span=view.span),
        text=f"the prompt holds {first.fact[0]!r} in {first.passage.id}{_third(first)}; the answer does not say so",
        evidence=tuple(_evidence(view, ignored, dossier)),
    )


def _third(one: Given) -> str:
    return f", in its {_NAMES[min(one.thirds)]} third" if len(one.thirds) == 1 else ""


_NAMES = {1: "first", 2: "middle", 3: "last"}
_SHOWN = 3


def _evidence(view: AnswerView, ignored: Sequence[Given], dossier: Dossier) -> Iterator[Evidence]:
    span = view.span or dossier.trace.spans[0].id
    yield Evidence(span=span, field="answer", quote=(view.answer or "")[:200])
    for one in ignored[:_SHOWN]:
        source = one.passage.span or view.span
        if source is not None:
            yield Evidence(span=source, field=one.passage.id, quote=one.quote[:200], start=one.start, end=one.end)
