"""An argument has another value than expected."""

from __future__ import annotations

from collections.abc import Iterator

from traceeval.diagnose.tool._matched import wrong_arguments
from traceeval.graph import Dossier
from traceeval.model import Finding
from traceeval.registry import diagnosis


@diagnosis("tool.wrong_value", severity=4)
def wrong_value(dossier: Dossier) -> Iterator[Finding]:
    """An argument has another value than expected; needs expected calls."""
    return wrong_arguments(dossier, "tool.wrong_value", "wrong_value")
