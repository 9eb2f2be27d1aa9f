"""The reranker ranked out what is relevant."""

from __future__ import annotations

from collections.abc import Iterator

from traceeval.diagnose._relevant import journey
from traceeval.graph import Dossier
from traceeval.model import Component, Evidence, Finding, Subject
from traceeval.registry import diagnosis


@diagnosis("reranker.dropped_gold", severity=3)
def dropped_gold(dossier: Dossier) -> Iterator[Finding]:
    """Over half of the relevant documents of the pool were dropped, or ranked below what the prompt holds."""
    way, view = journey(dossier), dossier.stages
    if way is None or view is None or view.ranked is None:
        return
    if not way.fails(way.ranked_out, len(way.ranked_out) + len(way.cut) + len(way.sent)):
        return
    span = view.rerank_span or view.span or dossier.trace.spans[0].id
    places = {doc: place for place, doc in enumerate(view.ranked, 1)}
    told = ", ".join(
        f"{doc} (place {places[doc]})" if doc in places else f"{doc} (dropped)" for doc in way.ranked_out[:5]
    )
    yield Finding(
        code="reranker.dropped_gold",
        component=Component.RERANKER,
        severity=3,
        key="gold",
        subject=Subject(trace=dossier.trace.id, span=span),
        text=f"relevant documents were ranked out: {told}",
        evidence=(Evidence(span=span, field="after", quote=", ".join(view.ranked[:5])),),
    )
