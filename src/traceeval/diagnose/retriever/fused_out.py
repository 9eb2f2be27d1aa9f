"""Merging or cutting lists lost what is relevant."""

from __future__ import annotations

from collections.abc import Iterator

from traceeval.diagnose._missed import lost_in
from traceeval.graph import Dossier
from traceeval.model import Finding
from traceeval.registry import diagnosis


@diagnosis("retriever.fused_out", severity=3)
def fused_out(dossier: Dossier) -> Iterator[Finding]:
    """Under half of the relevant documents are in the pool; most others a search found and no list that was handed on has."""
    return lost_in(dossier, "fusion", "retriever.fused_out")
