"""``gate.yaml`` read as strictly as a scenario: what is written wrong is refused with ``file:line``."""

from __future__ import annotations

from pathlib import Path

from traceeval.errors import ConfigError
from traceeval.measures.strict_yaml import read_documents
from traceeval.measures.typed import typed
from traceeval.model.gate import ReplayGate


def load_gate(file: str | Path) -> ReplayGate:
    """The gate of a file.

    Raises:
        ConfigError: with ``file:line`` and the way out.
    """
    found = list(read_documents(Path(file)))
    if len(found) != 1:
        raise ConfigError(f"{file}:1: a gate file holds one document, not {len(found)}")
    return typed(found[0], ReplayGate)
