"""A filter kept out what is relevant."""

from __future__ import annotations

from collections.abc import Iterator

from traceeval.diagnose._missed import lost_in
from traceeval.graph import Dossier
from traceeval.model import Finding
from traceeval.registry import diagnosis


@diagnosis("retriever.filtered_out", severity=3)
def filtered_out(dossier: Dossier) -> Iterator[Finding]:
    """Under half of the relevant documents are in the pool; most of the others a search found and its filter kept out."""
    return lost_in(dossier, "filter", "retriever.filtered_out")
