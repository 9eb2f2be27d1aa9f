"""Finished replays held to a gate."""

from __future__ import annotations

from pathlib import Path

from traceeval.compare.gate import Against, hold
from traceeval.model.gate import GateLine, ReplayGate
from traceeval.model.replayed import Manifest
from traceeval.run._folders import ReplayFolder, read_replay


def gate_replay(gate: ReplayGate, folder: str | Path, base: str | Path | None = None) -> tuple[GateLine, ...]:
    """Hold a finished replay to a gate. ``base``: a stored one, for the limit on regressions.

    Raises:
        ConfigError: either is no finished replay.
        InputError: either is damaged.
    """
    head = read_replay(folder)
    then = read_replay(base) if base is not None else None
    return hold(gate, head.outcomes, None if then is None else _against(then, head.manifest))


def _against(then: ReplayFolder, head: Manifest) -> Against:
    changed = {id for id, digest in then.manifest.scenarios.items() if head.scenarios.get(id, digest) != digest}
    return Against(outcomes=then.outcomes, changed=frozenset(changed))
