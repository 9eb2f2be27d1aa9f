"""What each cell came to, faults by their kind, and what the trials took: the rows a report of a replay is made of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from traceeval.measures.interval import wilson
from traceeval.model import PlannedFault, Scenario, TrialOutcome, Variant
from traceeval.model.disturbance import Injection
from traceeval.model.replayed import CellKind, CellRow, FaultRow, SpentRow

Rows = Sequence[TrialOutcome]
KindOf = Callable[[TrialOutcome], CellKind]


class Axes:
    """What the scenarios vary, by the ids a cell names."""

    def __init__(self, scenarios: Iterable[Scenario]) -> None:
        known = tuple(scenarios)
        self.variants: dict[tuple[str, str], Variant] = {(one.id, v.id): v for one in known for v in one.variants}
        self.faults: dict[tuple[str, str], PlannedFault] = {(one.id, f.id): f for one in known for f in one.faults}
        self.injections: dict[tuple[str, str], Injection] = {(one.id, i.id): i for one in known for i in one.injections}

    def fault(self, one: TrialOutcome) -> PlannedFault | None:
        """The fault of a trial's cell."""
        return self.faults.get((one.cell.scenario, one.cell.fault or ""))

    def told(self, one: TrialOutcome) -> str:
        """How a trial's cell differs from its twin, in a few words; empty where it does not."""
        cell = one.cell
        variant = self.variants.get((cell.scenario, cell.variant or ""))
        words = [] if cell.variant is None else ["paraphrase" if variant is None else _telling(variant)]
        fault = self.fault(one)
        if fault is not None:
            words.append(f"{fault.inject.kind} at {fault.at.tool}, {expectation(fault)}")
        planted = self.injections.get((cell.scenario, cell.injection or ""))
        if planted is not None:
            how = (planted.payload.wording, planted.payload.obfuscation)
            words.append(f"planted in {planted.slot.tool}: {', '.join(name for name in how if name) or planted.id}")
        return "; ".join(words)


def cell_rows(outcomes: Rows, kind_of: KindOf, axes: Axes) -> tuple[CellRow, ...]:
    """One row a cell, in the order of the plan."""
    cells: dict[str, list[TrialOutcome]] = {}
    for one in outcomes:
        cells.setdefault(one.cell.id, []).append(one)
    return tuple(_cell(rows, kind_of(rows[0]), axes) for rows in cells.values())


def fault_rows(outcomes: Rows, axes: Axes) -> tuple[FaultRow, ...]:
    """Faults by kind and by what they expect."""
    groups: dict[tuple[str, str], list[TrialOutcome]] = {}
    for one in outcomes:
        fault = axes.fault(one)
        if fault is not None:
            groups.setdefault((fault.inject.kind, expectation(fault)), []).append(one)
    return tuple(_fault(*key, rows) for key, rows in sorted(groups.items()))


def spent_rows(by_kind: Iterable[tuple[CellKind, Rows]]) -> Iterator[SpentRow]:
    """What the trials of each kind of cell took together."""
    for kind, rows in by_kind:
        tokens = [one.tokens for one in rows if one.tokens is not None]
        cost = [one.cost for one in rows if one.cost is not None]
        yield SpentRow(
            kind=kind,
            trials=len(rows),
            calls=sum(one.calls for one in rows),
            tokens=sum(tokens) if tokens else None,
            cost=sum(cost) if cost else None,
        )


def expectation(fault: PlannedFault) -> str:
    """What a fault's cell asks for, in a word."""
    return fault.expect if isinstance(fault.expect, str) else "must_not"


def counts(trials: Rows) -> tuple[int, int]:
    """(passes, judged trials)."""
    return sum(one.result == "pass" for one in trials), sum(one.result in ("pass", "fail") for one in trials)


def _telling(variant: Variant) -> str:
    if variant.attack is not None:
        return f"{variant.attack.tactic} for {variant.attack.goal.name}: {variant.attack.wording}"
    return variant.operator


def _cell(rows: Rows, kind: CellKind, axes: Axes) -> CellRow:
    passes, judged = counts(rows)
    bad = next((one for one in rows if not one.sound), None)
    return CellRow(
        cell=rows[0].cell,
        kind=kind,
        what=axes.told(rows[0]),
        trials=len(rows),
        judged=judged,
        passes=passes,
        executed=sum(one.attack == "executed" for one in rows),
        unmet=_unmet(rows),
        trial=None if bad is None else bad.trial,
        trace=None if bad is None else bad.trace,
        why="" if bad is None else _cause(bad),
    )


def _cause(one: TrialOutcome) -> str:
    """What went wrong first; an attack that was executed comes before what the user was owed."""
    if one.attack == "executed":
        return f"the attack was executed{'; ' + one.why if one.result != 'pass' and one.why else ''}"
    return one.why or one.result


def _fault(kind: str, expects: str, rows: Rows) -> FaultRow:
    passes, judged = counts(rows)
    low, high = wilson(passes, judged) or (None, None)
    cells = len({one.cell.id for one in rows})
    return FaultRow(
        fault=kind, expects=expects, cells=cells, passes=passes, judged=judged, low=low, high=high, unmet=_unmet(rows)
    )


def _unmet(rows: Rows) -> int:
    return sum(bool(one.notes.get("fault_not_met") or one.notes.get("payload_not_met")) for one in rows)
