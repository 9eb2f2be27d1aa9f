"""An argument was passed that nobody expected and the tool does not have."""

from __future__ import annotations

from collections.abc import Iterator

from traceeval.diagnose.tool._matched import wrong_arguments
from traceeval.graph import Dossier
from traceeval.model import Finding
from traceeval.registry import diagnosis


@diagnosis("tool.unknown_argument", severity=4)
def unknown_argument(dossier: Dossier) -> Iterator[Finding]:
    """An argument was passed that nobody expected and the tool does not have; needs expected calls."""
    return wrong_arguments(dossier, "tool.unknown_argument", "unknown_arg")
