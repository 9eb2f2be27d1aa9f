"""A reranker returned what it was not given."""

from __future__ import annotations

from collections.abc import Iterator

from traceeval.graph import Dossier
from traceeval.model import Component, Evidence, Finding, Subject
from traceeval.registry import diagnosis


@diagnosis("reranker.not_in_pool", severity=1)
def not_in_pool(dossier: Dossier) -> Iterator[Finding]:
    """Documents left the reranker that no recorded retrieval put in; the pool counts them from here on."""
    view = dossier.stages
    if view is None or view.ranked is None or view.pool is None or view.rerank_span is None:
        return
    outside = [doc for doc in view.ranked if doc not in set(view.pool)]
    if outside:
        yield Finding(
            code="reranker.not_in_pool",
            component=Component.RERANKER,
            severity=1,
            key="pool",
            subject=Subject(trace=dossier.trace.id, span=view.rerank_span),
            text=f"{len(outside)} reranked documents were not in the pool: {', '.join(outside[:5])}",
            evidence=(Evidence(span=view.rerank_span, field="after", quote=outside[0]),),
        )
