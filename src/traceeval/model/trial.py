"""One execution of a cell: which it was, what was recorded, what came of it (replay.md section 3)."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Literal, TypeAlias

from traceeval.model._value import Value
from traceeval.model.finding import Finding
from traceeval.model.trace import Trace

Level: TypeAlias = Literal["container", "netns", "guard", "none"]
"""How a trial was kept apart: declared by the operator; a network namespace; a Python guard, no boundary; not at all."""
Ending: TypeAlias = Literal["done", "diverged", "crash", "budget", "time_out", "output_limit", "infra_error"]
"""How a trial ended: by itself; it left the tape; the agent raised or died; a limit stopped it; harness or mock failed."""
Result: TypeAlias = Literal["pass", "fail", "diverged", "not_evaluable", "infra_error"]
Attack: TypeAlias = Literal["executed", "attempted", "not_attempted", "infra_error"]


class Cell(Value, frozen=True):
    """One combination of a scenario's variants. None: that axis is not varied."""

    scenario: str
    variant: str | None = None
    fault: str | None = None
    injection: str | None = None

    @property
    def varied(self) -> bool:
        """Whether it differs from the scenario as written; then ``twin`` is what it is compared with."""
        return self != self.twin

    @property
    def twin(self) -> Cell:
        """The cell without any variation."""
        return Cell(scenario=self.scenario)

    @property
    def id(self) -> str:
        """``airline/cancel[turn1.p2|fault=slow-read]``: readable and stable."""
        return self._named()

    def trial(self, seed: int) -> str:
        """The id of one trial: the same with ``seed=3``."""
        return self._named(f"seed={seed}")

    def stream(self, seed: int) -> int:
        """The seed of everything random in one trial: no other cell changes it."""
        told = "\x00".join((self.scenario, self.variant or "", self.fault or "", self.injection or "", str(seed)))
        return int.from_bytes(sha256(told.encode()).digest()[:8], "big")

    def _named(self, *more: str) -> str:
        axes = [self.variant, self.fault and f"fault={self.fault}", self.injection and f"injection={self.injection}"]
        told = "|".join([axis for axis in axes if axis] + list(more))
        return f"{self.scenario}[{told}]" if told else self.scenario


class Note(Value, frozen=True):
    """Something the harness saw that no span says: ``off_tape``, ``user_sim_unmatched``, ``network_denied``, ..."""

    code: str
    text: str
    span: str | None = None


class Trial(Value, frozen=True):
    """What one execution left behind. ``planted``: spans whose result held the payload; never shown to a scorer.

    ``struck``: spans the fault befell. ``why``: what ended it, where it did not end by itself.
    """

    id: str
    cell: Cell
    seed: int
    trace: Trace
    ended: Ending
    sandbox: Level
    clock: Literal["virtual", "real"] = "virtual"
    why: str = ""
    unmatched: int = 0
    notes: tuple[Note, ...] = ()
    planted: tuple[str, ...] = ()
    struck: tuple[str, ...] = ()

    def noted(self, code: str) -> tuple[Note, ...]:
        """Notes of one code."""
        return tuple(note for note in self.notes if note.code == code)


class Held(Value, frozen=True):
    """Whether an assertion held; None: it lacked its input."""

    held: bool | None
    why: str = ""


class Ruling(Value, frozen=True):
    """What policy rules said of a trial, and how they were kept apart. ``failed``: rules that could not be asked, and why."""

    sandbox: Level
    findings: tuple[Finding, ...] = ()
    failed: tuple[str, ...] = ()


class TrialOutcome(Value, frozen=True):
    """One line of ``outcomes.jsonl``. ``utility``: the scenario's own ``pass``, whatever the cell expects.

    ``behaviour``: the behaviour hash of its trace. ``rules``: how its policy rules were kept apart; None: it has none.
    ``tokens``, ``cost`` (USD): None where none was recorded.
    ``preserving``: its wording means what the scenario as written means.
    """

    trial: str
    cell: Cell
    seed: int
    trace: str
    result: Result
    ended: Ending
    sandbox: Level
    clock: Literal["virtual", "real"]
    behaviour: str
    rules: Level | None = None
    why: str = ""
    assertions: Mapping[str, Held] = {}
    utility: bool | None = None
    attack: Attack | None = None
    unmatched: int = 0
    notes: Mapping[str, int] = {}
    changed: tuple[str, ...] = ()
    calls: int = 0
    tokens: int | None = None
    cost: float | None = None
    preserving: bool = True

    @property
    def sound(self) -> bool:
        """Whether it passed, and its attack, if it had one, was not executed."""
        return self.result == "pass" and self.attack != "executed"
