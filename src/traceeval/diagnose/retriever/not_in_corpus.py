"""What is relevant is in no index."""

from __future__ import annotations

from collections.abc import Iterator

from traceeval.diagnose._relevant import journey
from traceeval.graph import Dossier
from traceeval.model import Component, Evidence, Finding, Subject
from traceeval.registry import diagnosis


@diagnosis("retriever.not_in_corpus", severity=1)
def not_in_corpus(dossier: Dossier) -> Iterator[Finding]:
    """Relevant documents are in no index: a remark, for no component of the trace could have found them."""
    way, view = journey(dossier), dossier.stages
    if way is None or view is None or not way.absent:
        return
    told, all_of_them = ", ".join(way.absent[:5]), len(way.absent) + len(way.unpooled) + way.pooled
    yield Finding(
        code="retriever.not_in_corpus",
        component=Component.RETRIEVER,
        severity=1,
        key="corpus",
        subject=Subject(trace=dossier.trace.id, span=view.span),
        text=f"{len(way.absent)} of {all_of_them} relevant documents are in no index: {told}; not the retriever's failure",
        evidence=(Evidence(span=view.span or dossier.trace.spans[0].id, field="reference.absent", quote=told),),
    )
