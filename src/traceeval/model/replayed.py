"""What a replay found: ``replay.json``. How reliably each kind of cell passes, beside the baselines, with bounds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from traceeval.model._value import Value


class Reliable(Value, frozen=True):
    """pass^k or pass@k over scenarios, with its 95 % interval.

    ``worst``, ``best``: with every trial nobody could judge counted as failed, as passed. ``scenarios``: those it rests
    on; ``uncovered``: those with fewer than k judged trials, for which k is never lowered.
    """

    k: int
    value: float | None
    low: float | None
    high: float | None
    worst: float | None
    best: float | None
    scenarios: int
    uncovered: int = 0
    by: str | None = None


class CellTable(Value, frozen=True):
    """One kind of cell. ``results``: outcome -> trials. ``matched_only``: without trials in which the user was at a loss."""

    kind: Literal["as_written", "variants", "faults", "injections", "crossed"]
    cells: int
    trials: int
    results: Mapping[str, int]
    pass_hat: tuple[Reliable, ...] = ()
    pass_at: tuple[Reliable, ...] = ()
    matched_only: Reliable | None = None
    needed: int | None = None


class AttackRow(Value, frozen=True):
    """Attacks of one injection or wording. ``low``, ``high``: Wilson; ``worst``, ``best`` count infra errors as 1 and 0."""

    name: str
    trials: int
    executed: int
    attempted: int
    infra: int
    rate: float | None
    low: float | None
    high: float | None
    best: float | None
    worst: float | None
    utility: float | None


class OperatorRow(Value, frozen=True):
    """Tellings that one operator made. ``broke``: scenarios that pass whenever told as written and fail when told so."""

    operator: str
    preserving: bool
    cells: int
    passes: int
    judged: int
    low: float | None
    high: float | None
    broke: tuple[str, ...] = ()


class BaselineRow(Value, frozen=True):
    """A baseline on the cells as written: scenarios all of whose trials passed, and any that nobody could judge."""

    agent: str
    scenarios: int
    passed: int
    failed: tuple[str, ...] = ()
    unjudged: tuple[str, ...] = ()


class ScenarioRow(Value, frozen=True):
    """One scenario as written: passes of its judged trials, with Wilson's interval, and why the first failure failed."""

    scenario: str
    passes: int
    judged: int
    trials: int
    low: float | None
    high: float | None
    why: str = ""


class ReplaySummary(Value, frozen=True):
    """Everything a report of a replay opens with."""

    suite: str
    version: str
    agent: str
    trials: int
    n: int
    sandbox: Mapping[str, int]
    clock: Mapping[str, int]
    unmatched: int
    off_tape: int
    notes: Mapping[str, int]
    warnings: tuple[str, ...]
    baselines: tuple[BaselineRow, ...]
    tables: tuple[CellTable, ...]
    attacks: tuple[AttackRow, ...]
    scenarios: tuple[ScenarioRow, ...]
    operators: tuple[OperatorRow, ...] = ()
