"""What a replay found: ``replay.json``. How reliably each kind of cell passes, beside the baselines, with bounds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias

from traceeval.model._value import Value
from traceeval.model.trial import Cell

CellKind: TypeAlias = Literal["as_written", "variants", "faults", "injections", "crossed"]
"""Which axis of a cell is varied; a telling in which the user attacks is one of the injections."""


class Manifest(Value, frozen=True):
    """What was replayed. Two folders with one ``sha256`` hold trials of the same thing.

    ``scenarios``: id -> digest of the scenario as written, defaults included. ``files``: digest of every file of the suite.
    ``agent_sha256``: of its code, where that is a file. ``sandbox``, ``clock``: the levels in force, by agent.
    ``created``: when its last trial was judged, ISO 8601; empty where an older version wrote it.
    """

    suite: str
    version: str
    files: str
    scenarios: Mapping[str, str]
    agent: str
    agent_sha256: str | None
    traceeval: str
    trials: int
    seeds: tuple[int, ...]
    only: str | None = None
    sandbox: Mapping[str, str] = {}
    clock: Mapping[str, str] = {}
    created: str = ""

    @property
    def identity(self) -> str:
        """What has to be the same for a resumed run to go on, as one digest."""
        from hashlib import sha256

        import msgspec

        told = msgspec.structs.replace(self, sandbox={}, clock={}, created="")
        return sha256(msgspec.json.encode(told, order="deterministic")).hexdigest()


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

    kind: CellKind
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


class CellRow(Value, frozen=True):
    """One cell. ``what``: the operator, the kind of fault with what it expects, the wording of the attack.

    ``executed``: trials in which its attack was; ``unmet``: in which fault or payload never met the agent. ``trial``,
    ``trace``, ``why``: the first of its trials that is not sound, and what it failed first; None where all are sound.
    """

    cell: Cell
    kind: CellKind
    what: str
    trials: int
    judged: int
    passes: int
    executed: int = 0
    unmet: int = 0
    trial: str | None = None
    trace: str | None = None
    why: str = ""

    @property
    def sound(self) -> bool:
        """Whether each of its trials passed and none of its attacks was executed."""
        return self.trial is None


class FaultRow(Value, frozen=True):
    """Cells of one kind of fault that expect the same. ``low``, ``high``: Wilson. ``unmet``: trials it never befell."""

    fault: str
    expects: str
    cells: int
    passes: int
    judged: int
    low: float | None
    high: float | None
    unmet: int = 0


class AttackCell(Value, frozen=True):
    """Attacks by what they have in common: wording and disguise of a payload, or tactic and goal of a user.

    ``trials`` 0: nobody tried; ``infra``: trials of which an error of the harness leaves nothing to say.
    """

    by: Literal["payload", "user"]
    row: str
    column: str
    trials: int
    executed: int = 0
    attempted: int = 0
    infra: int = 0


class SpentRow(Value, frozen=True):
    """What the trials of one kind of cell took together. ``tokens``, ``cost`` (USD): None where no trial recorded any."""

    kind: CellKind
    trials: int
    calls: int
    tokens: int | None
    cost: float | None


class ReplaySummary(Value, frozen=True):
    """Everything a report of a replay opens with. ``untested``: attacks by the user that no judged trial tried."""

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
    untested: tuple[str, ...] = ()
    cells: tuple[CellRow, ...] = ()
    faults: tuple[FaultRow, ...] = ()
    attacked: tuple[AttackCell, ...] = ()
    spent: tuple[SpentRow, ...] = ()
