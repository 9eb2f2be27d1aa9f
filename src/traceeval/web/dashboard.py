"""What a queue's results page draws: progress, agreement with intervals, estimates, and judges against people."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from traceeval.review import Store, status
from traceeval.web.plots import progress


def dashboard(store: Store, queue: str) -> dict[str, Any]:
    """Values for a template."""
    return {"progress": Markup(progress(status(store, queue).items))}
