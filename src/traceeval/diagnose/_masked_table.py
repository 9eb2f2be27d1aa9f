"""Component against end result, counted while traces stream by."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from traceeval.diagnose._masked import compensated, component_state, outcome_state
from traceeval.diagnose._subsume import MASKED
from traceeval.graph import Dossier
from traceeval.measures.interval import wilson
from traceeval.model import Component, MaskedRow, Rate

EXAMPLES = 3
STATES = ("failed", "passed", "score_failed", "undefined", "not_applicable")
OUTCOMES = ("passed", "failed", "unknown")
_NAMES = [(component, component.value) for component in Component]


def rate(hits: int, n: int) -> Rate:
    """A share with its Wilson interval; None when n is 0."""
    interval = wilson(hits, n)
    return Rate(
        value=hits / n if n else None,
        low=interval[0] if interval else None,
        high=interval[1] if interval else None,
        n=n,
    )


@dataclass(slots=True)
class MaskedTable:
    """Counts per component and cell; mergeable, constant in size."""

    cells: Counter[tuple[str, str]] = field(default_factory=Counter)
    whole: Counter[tuple[str, str]] = field(default_factory=Counter)
    compensators: Counter[tuple[str, str]] = field(default_factory=Counter)
    examples: dict[tuple[str, str], list[str]] = field(default_factory=lambda: defaultdict(list))
    passes: int = 0
    outcomes: int = 0
    fragile: int = 0

    def add(self, dossier: Dossier) -> None:
        """Count one trace, after ``mask``."""
        outcome = outcome_state(dossier)
        self.outcomes += outcome != "unknown"
        self.passes += outcome == "passed"
        for component, name in _NAMES:
            state = component_state(dossier, component)
            self.whole[name, state] += 1
            cell = f"{state}_{outcome}"
            self.cells[name, cell] += 1
            shown = self.examples[name, cell]
            if len(shown) < EXAMPLES:
                shown.append(dossier.trace.id)
        self.fragile += any(finding.code.endswith(MASKED) for finding in dossier.findings)
        for component, by in compensated(dossier).items():
            self.compensators[component.value, by or "not_named"] += 1

    def merge(self, other: MaskedTable) -> None:
        """Add what another worker counted."""
        self.cells.update(other.cells)
        self.whole.update(other.whole)
        self.compensators.update(other.compensators)
        self.passes += other.passes
        self.outcomes += other.outcomes
        self.fragile += other.fragile
        for key, ids in other.examples.items():
            self.examples[key] = (self.examples[key] + ids)[:EXAMPLES]

    def states(self, component: Component) -> tuple[int, int, int]:
        """(passed, failed, unknown) traces of a component, whatever the outcome."""
        passed, failed = self.whole[component.value, "passed"], self.whole[component.value, "failed"]
        return passed, failed, sum(self.whole[component.value, state] for state in STATES) - passed - failed

    def rows(self) -> tuple[MaskedRow, ...]:
        """One row per component that was ever decided while the end result was known."""
        return tuple(self._row(component) for component in Component if self._decided(component))

    def _decided(self, component: Component) -> bool:
        return any(self.cells[component.value, f"{state}_{out}"] for state in STATES[:2] for out in OUTCOMES[:2])

    def _row(self, component: Component) -> MaskedRow:
        cells = {
            f"{state}_{out}": self.cells[component.value, f"{state}_{out}"] for state in STATES for out in OUTCOMES
        }
        hidden, failed = cells["failed_passed"], cells["failed_passed"] + cells["failed_failed"]
        named = {kind: n for (name, kind), n in sorted(self.compensators.items()) if name == component.value}
        return MaskedRow(
            component=component,
            cells=cells,
            masked=rate(hidden, hidden + cells["passed_passed"]),
            unmasked=rate(cells["failed_failed"], failed),
            compensators=named,
            compensated={kind: rate(n, sum(named.values())) for kind, n in named.items()},
            examples={
                cell: tuple(ids) for (name, cell), ids in self.examples.items() if name == component.value and ids
            },
        )

    def fragility(self) -> Rate:
        """Share of right end results with at least one masked failure."""
        return rate(self.fragile, self.passes)

    def outcome(self) -> Rate:
        """Share of traces with a known end result that passed."""
        return rate(self.passes, self.outcomes)
