"""Folders of finished replays, read back and held to a gate."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from traceeval.compare.gate import Against, hold
from traceeval.errors import InputError
from traceeval.model import TrialOutcome, Value
from traceeval.model.gate import GateLine, ReplayGate
from traceeval.model.replayed import Manifest
from traceeval.run._folders import decoded
from traceeval.run._journal import MANIFEST, OUTCOMES

_AGAIN = "replay again"


class _Row(Value, frozen=True):
    """A line of ``outcomes.jsonl``."""

    agent: str | None
    outcome: TrialOutcome


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayFolder:
    """A finished replay: what was replayed, and the outcome of each of the agent's trials, in the order of the plan."""

    manifest: Manifest
    outcomes: tuple[TrialOutcome, ...]


def is_replay(folder: str | Path) -> bool:
    """Whether a finished replay lies there."""
    return (Path(folder) / MANIFEST).is_file() and (Path(folder) / OUTCOMES).is_file()


def read_replay(folder: str | Path) -> ReplayFolder:
    """Read one back.

    Raises:
        InputError: it is none, or it did not finish.
    """
    root = Path(folder)
    if not is_replay(root):
        raise InputError(f"{root}: no finished replay; `traceeval replay --out {root}` writes one")
    manifest = decoded(root / MANIFEST, (root / MANIFEST).read_bytes(), Manifest, _AGAIN)
    with (root / OUTCOMES).open("rb") as lines:
        rows = [decoded(f"{root / OUTCOMES}:{number}", line, _Row, _AGAIN) for number, line in enumerate(lines, 1)]
    return ReplayFolder(manifest=manifest, outcomes=tuple(row.outcome for row in rows if row.agent is None))


def gate_replay(gate: ReplayGate, folder: str | Path, base: str | Path | None = None) -> tuple[GateLine, ...]:
    """Hold a finished replay to a gate. ``base``: a stored one, for the limit on regressions.

    Raises:
        InputError: either is no finished replay.
    """
    head = read_replay(folder)
    then = read_replay(base) if base is not None else None
    return hold(gate, head.outcomes, None if then is None else _against(then, head.manifest))


def _against(then: ReplayFolder, head: Manifest) -> Against:
    changed = {id for id, digest in then.manifest.scenarios.items() if head.scenarios.get(id, digest) != digest}
    return Against(outcomes=then.outcomes, changed=frozenset(changed))
