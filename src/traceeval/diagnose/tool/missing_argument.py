"""An expected argument is missing."""

from __future__ import annotations

from collections.abc import Iterator

from traceeval.diagnose.tool._matched import wrong_arguments
from traceeval.graph import Dossier
from traceeval.model import Finding
from traceeval.registry import diagnosis


@diagnosis("tool.missing_argument", severity=4)
def missing_argument(dossier: Dossier) -> Iterator[Finding]:
    """An expected argument is missing; needs expected calls."""
    return wrong_arguments(dossier, "tool.missing_argument", "missing_arg")
