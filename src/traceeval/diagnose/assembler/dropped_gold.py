"""What chose and cut the prompt's chunks lost what is relevant."""

from __future__ import annotations

from collections.abc import Iterator

from traceeval.diagnose._relevant import journey
from traceeval.graph import Dossier
from traceeval.model import Component, Evidence, Finding, Subject
from traceeval.registry import diagnosis


@diagnosis("assembler.dropped_gold", severity=3)
def dropped_gold(dossier: Dossier) -> Iterator[Finding]:
    """Relevant documents were ranked well and are absent from the prompt, or cut so that the gold fact is gone."""
    way, view = journey(dossier), dossier.stages
    if way is None or view is None or view.packed is None:
        return
    if not way.fails(way.cut, len(way.cut) + len(way.sent)):
        return
    span = dossier.graph.answer_span
    where = span.id if span is not None else view.span or dossier.trace.spans[0].id
    told = ", ".join(f"{doc} ({'cut' if doc in view.packed else 'left out'})" for doc in way.cut[:5])
    yield Finding(
        code="assembler.dropped_gold",
        component=Component.ASSEMBLER,
        severity=3,
        key="gold",
        subject=Subject(trace=dossier.trace.id, span=where),
        text=f"relevant documents did not reach the prompt whole: {told}",
        evidence=(Evidence(span=where, field="messages", quote=", ".join(view.packed[:5])),),
    )
