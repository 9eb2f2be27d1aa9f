"""What was planted in a trace on purpose: the answer key of a fault-finding benchmark, never an input of a score."""

from __future__ import annotations

from traceeval.model._value import Value
from traceeval.model.trace import Component


class PlantedLabel(Value, frozen=True):
    """One row of ``labels.jsonl``. ``file`` is relative to it; ``component`` and ``finding`` None: a clean trace."""

    trace: str
    file: str
    fault: str | None
    component: Component | None
    finding: str | None
