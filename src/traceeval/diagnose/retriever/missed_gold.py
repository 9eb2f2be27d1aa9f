"""The pool lacks what is relevant."""

from __future__ import annotations

from collections.abc import Iterator

from traceeval.diagnose._relevant import journey
from traceeval.graph import Dossier
from traceeval.model import Component, Evidence, Finding, Subject
from traceeval.registry import diagnosis


@diagnosis("retriever.missed_gold", severity=3)
def missed_gold(dossier: Dossier) -> Iterator[Finding]:
    """Under half of the relevant documents are in the pool."""
    way = journey(dossier)
    view = dossier.stages
    if way is None or view is None:
        return
    found = len(way.ranked_out) + len(way.cut) + len(way.sent)
    if not way.fails(way.missed, found + len(way.missed)):
        return
    span = view.span or dossier.trace.spans[0].id
    yield Finding(
        code="retriever.missed_gold",
        component=Component.RETRIEVER,
        severity=3,
        key="gold",
        subject=Subject(trace=dossier.trace.id, span=view.span),
        text=f"{len(way.missed)} of {found + len(way.missed)} relevant documents were not retrieved: "
        + ", ".join(way.missed[:5]),
        evidence=(Evidence(span=span, field="hits", quote=", ".join((view.pool or ())[:5])),),
    )
