"""Without a reranker, the first-stage order decides what reaches the prompt."""

from __future__ import annotations

from collections.abc import Iterator

from traceeval.diagnose._relevant import journey
from traceeval.graph import Dossier
from traceeval.model import Component, Evidence, Finding, Subject
from traceeval.registry import diagnosis


@diagnosis("retriever.ranked_low", severity=3)
def ranked_low(dossier: Dossier) -> Iterator[Finding]:
    """Relevant documents are in the pool, no reranker ran, and they stand below what the prompt holds."""
    way, view = journey(dossier), dossier.stages
    if way is None or view is None or view.ranked is not None or view.packed is None:
        return
    if not way.fails(way.ranked_out, len(way.ranked_out) + len(way.cut) + len(way.sent)):
        return
    yield Finding(
        code="retriever.ranked_low",
        component=Component.RETRIEVER,
        severity=3,
        key="gold",
        subject=Subject(trace=dossier.trace.id, span=view.span),
        text=f"relevant documents stand below the {len(view.packed)} in the prompt: {', '.join(way.ranked_out[:5])}",
        evidence=(Evidence(span=view.span or dossier.trace.spans[0].id, field="hits", quote=way.ranked_out[0]),),
    )
