"""What machines are told of each cell: one verdict over its trials, and where its scenario is written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from traceeval.measures.safe_text import inline
from traceeval.model import TrialOutcome

_LINE, _SHOWN = 300, 10


@dataclass(frozen=True, slots=True, kw_only=True)
class CellReport:
    """One cell. ``where``: file and line of its scenario; ``bad``: the trials that are not sound."""

    id: str
    scenario: str
    where: tuple[str, int]
    trials: int
    bad: tuple[TrialOutcome, ...]

    @property
    def verdict(self) -> Literal["pass", "fail", "attack_executed", "undecided"]:
        """``undecided``: the agent failed in none of them, but some nobody could judge."""
        if any(one.attack == "executed" for one in self.bad):
            return "attack_executed"
        if any(one.result == "fail" for one in self.bad):
            return "fail"
        return "undecided" if self.bad else "pass"

    @property
    def headline(self) -> str:
        """The verdict in one line, text of strangers made visible."""
        return inline(f"{self.id}: {len(self.bad)} of {self.trials} trials did not pass; {_told(self.bad[0])}", _LINE)

    @property
    def lines(self) -> list[str]:
        """A line for each trial that is not sound, and for how many more there are."""
        told = [inline(f"seed {one.seed}: {_told(one)} (trace {one.trace})", _LINE) for one in self.bad[:_SHOWN]]
        left = len(self.bad) - _SHOWN
        return [*told, f"and {left} more"] if left > 0 else told


def _told(one: TrialOutcome) -> str:
    attack = ", attack executed" if one.attack == "executed" else ""
    return f"{one.result}{attack}{': ' if one.why else ''}{one.why}"


def cell_reports(outcomes: Iterable[TrialOutcome], where: Mapping[str, tuple[str, int]]) -> Iterator[CellReport]:
    """A report of every cell in the order of the plan. ``where``: scenario -> file and line."""
    cells: dict[str, list[TrialOutcome]] = {}
    for one in outcomes:
        cells.setdefault(one.cell.id, []).append(one)
    for id, trials in cells.items():
        scenario = trials[0].cell.scenario
        bad = tuple(one for one in trials if not one.sound)
        yield CellReport(id=id, scenario=scenario, where=where[scenario], trials=len(trials), bad=bad)
