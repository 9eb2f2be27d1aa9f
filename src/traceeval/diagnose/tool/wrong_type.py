"""An argument has another type than expected."""

from __future__ import annotations

from collections.abc import Iterator

from traceeval.diagnose.tool._matched import wrong_arguments
from traceeval.graph import Dossier
from traceeval.model import Finding
from traceeval.registry import diagnosis


@diagnosis("tool.wrong_type", severity=4)
def wrong_type(dossier: Dossier) -> Iterator[Finding]:
    """An argument has another type than expected; needs expected calls."""
    return wrong_arguments(dossier, "tool.wrong_type", "wrong_type")
