"""What a page needs to know of one trace."""

from __future__ import annotations

from typing import Protocol

from traceeval.graph import Dossier
from traceeval.model import Risk


class Case(Protocol):
    """One trace with everything found about it: its Dossier, and its place in the queue."""

    @property
    def dossier(self) -> Dossier:
        """Trace, graph, scores, findings and blame."""

    @property
    def risk(self) -> Risk:
        """Level and reasons."""
