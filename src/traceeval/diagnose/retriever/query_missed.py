"""The query that was used does not find what is relevant."""

from __future__ import annotations

from collections.abc import Iterator

from traceeval.diagnose._missed import lost_in
from traceeval.graph import Dossier
from traceeval.model import Finding
from traceeval.registry import diagnosis


@diagnosis("retriever.query_missed", severity=3)
def query_missed(dossier: Dossier) -> Iterator[Finding]:
    """Under half of the relevant documents are in the pool; most others were found for another query that was recorded."""
    return lost_in(dossier, "query", "retriever.query_missed")
