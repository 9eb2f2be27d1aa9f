"""The cells of a scenario: variant x fault x injection (replay.md section 3)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product

from traceeval.errors import ConfigError
from traceeval.model import Cell, Mend, Scenario
from traceeval.replay.variants import variants_of

_SEED = re.compile(r"\bseed=(\d{1,18})\]$")


@dataclass(frozen=True, slots=True)
class Planned:
    """One trial to run. ``scenario``: another one than the suite has under that id; ``mend``: a step made otherwise."""

    cell: Cell
    seed: int
    scenario: Scenario | None = None
    mend: Mend | None = None

    @property
    def id(self) -> str:
        """The id of the trial."""
        return self.cell.trial(self.seed)


def cells_of(scenario: Scenario) -> tuple[Cell, ...]:
    """Every cell, the one as written first. ``star``: one axis at a time; ``cross``: every combination."""
    variants = [None, *(variant.id for variant in variants_of(scenario))]
    faults = [None, *(fault.id for fault in scenario.faults)]
    injections = [None, *(injection.id for injection in scenario.injections)]
    every = (
        Cell(scenario=scenario.id, variant=variant, fault=fault, injection=injection)
        for variant, fault, injection in product(variants, faults, injections)
    )
    if scenario.matrix.mode == "cross":
        return tuple(every)
    return tuple(cell for cell in every if [cell.variant, cell.fault, cell.injection].count(None) >= 2)


def plan(scenarios: Iterable[Scenario], *, n: int | None = None) -> Iterator[Planned]:
    """Every trial of these scenarios. ``n``: that many a cell instead of what each scenario says."""
    for scenario in scenarios:
        seeds = scenario.trials.first_seeds if n is None else _seeds(scenario, n)
        for cell in cells_of(scenario):
            yield from (Planned(cell, seed) for seed in seeds)


def _seeds(scenario: Scenario, n: int) -> tuple[int, ...]:
    """The first ``n`` seeds; where the file lists fewer, they are counted on from the largest."""
    known = scenario.trials.seeds or scenario.trials.first_seeds
    more = range(max(known) + 1, max(known) + 1 + n - len(known))
    return (*known, *more)[:n]


def planned_of(scenarios: Iterable[Scenario], id: str) -> Planned:
    """The trial of that id: ``airline/cancel[turn1.p2|seed=3]``; any seed.

    Raises:
        ConfigError: there is no such cell.
    """
    seed = _SEED.search(id)
    if seed is not None:
        number = int(seed[1])
        for cell in (cell for scenario in scenarios for cell in cells_of(scenario)):
            if cell.trial(number) == id:
                return Planned(cell, number)
    raise ConfigError(f"no trial {id!r}; outcomes.jsonl names them: a cell with its seed, e.g. shop/cancel[seed=1]")
