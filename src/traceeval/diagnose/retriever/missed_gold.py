"""The pool lacks what is relevant."""

from __future__ import annotations

from collections.abc import Iterator

from traceeval.diagnose._missed import lost_in
from traceeval.graph import Dossier
from traceeval.model import Finding
from traceeval.registry import diagnosis


@diagnosis("retriever.missed_gold", severity=3)
def missed_gold(dossier: Dossier) -> Iterator[Finding]:
    """Under half of the relevant documents that are in an index are in the pool, most of the others no search found."""
    return lost_in(dossier, "recall", "retriever.missed_gold")
