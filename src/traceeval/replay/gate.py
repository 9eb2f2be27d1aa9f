"""``gate.yaml`` read as strictly as a scenario: what is written wrong is refused with ``file:line``."""

from __future__ import annotations

from pathlib import Path

from traceeval.measures.typed import read_one
from traceeval.model.gate import ReplayGate


def load_gate(file: str | Path) -> ReplayGate:
    """The gate of a file.

    Raises:
        ConfigError: with ``file:line`` and the way out.
    """
    return read_one(file, ReplayGate, "traceeval scenario schema gate")
