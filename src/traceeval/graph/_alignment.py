"""An executed trajectory laid beside the expected one: what fits, what was left out, what came besides, what it costs."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from traceeval.graph._call import Call
from traceeval.graph._matching import Match
from traceeval.graph._plan import Slot
from traceeval.graph._table import Cell, Table
from traceeval.graph._tools import ToolBook
from traceeval.measures.alignment import align
from traceeval.model import CallSpec

CHANGE = 5.0
UNIT_COST: Mapping[str, float] = {"pure": 0.2, "read": 1.0}
"""Of leaving out or adding one call, by effect; whatever changes the world, or might, costs ``CHANGE``."""


def unit_cost(effect: str) -> float:
    """What one call of this effect costs."""
    return UNIT_COST.get(effect, CHANGE)


@dataclass(frozen=True, slots=True)
class Move:
    """One step of an alignment. ``log_only``: it ran and nobody expected it; ``model_only``: it never ran."""

    kind: Literal["match", "substitution", "log_only", "model_only"]
    cost: float
    call: Call | None
    spec: CallSpec | None


@dataclass(frozen=True, slots=True)
class Alignment:
    """The cheapest way to turn what ran into what was expected. ``worst``: take out all that ran, put in all required."""

    moves: tuple[Move, ...]
    worst: float
    approximate: bool

    @property
    def cost(self) -> float:
        """What all moves cost together."""
        return math.fsum(move.cost for move in self.moves)

    @property
    def fitness(self) -> float:
        """1 - cost / worst, 0..1: both sums are exact; 1 where nothing was expected and nothing ran."""
        return 1.0 - self.cost / self.worst if self.worst else 1.0


def align_calls(match: Match, book: ToolBook) -> Alignment:
    """Align the executed calls of a match with its plan, in order; free retries are no move.

    A substitution costs the call times 1 - similarity (both sides are of one tool, so neither is the larger); a call
    whose outcome is not the expected one has similarity 0.
    """
    table = match.table
    free = {id(one.call) for one in match.calls if one.kind == "retry_after_error"}
    costs = {row: unit_cost(call.spec.effect) for row, call in enumerate(table.calls) if id(call) not in free}
    slots = [_slot_cost(slot, book) for slot in table.plan.slots]
    opened = {row: cell for row in costs if (cell := _open_cell(table, row)) is not None}
    gains = []
    for row, cells in enumerate(table.cells):
        alone = 0.0 if row in opened else costs.get(row, 0.0)
        gains.append(
            {}
            if row not in costs
            else {
                column: alone + slots[column] - _substitution(cell, costs[row])
                for column, cell in cells.items()
                if not table.plan.slots[column].open
            }
        )
    found = align(gains, table.moments, table.plan.before)
    moves = tuple(_moves(table, found.pairs, costs, slots, opened))
    return Alignment(moves, math.fsum([*costs.values(), *slots]), found.approximate or not table.complete)


def _moves(
    table: Table,
    pairs: Mapping[int, int],
    costs: Mapping[int, float],
    slots: list[float],
    opened: Mapping[int, Cell],
) -> Iterator[Move]:
    """Calls in the order they ran, then what never ran."""
    for row, cost in costs.items():
        call = table.calls[row]
        if row in pairs:
            cell = table.cells[row][pairs[row]]
            yield Move("match" if cell.full else "substitution", _substitution(cell, cost), call, cell.spec)
        elif row in opened:
            yield Move("match", 0.0, call, opened[row].spec)
        else:
            yield Move("log_only", cost, call, None)
    filled = set(pairs.values())
    for column, slot in enumerate(table.plan.slots):
        if slot.required and column not in filled:
            yield Move("model_only", slots[column], None, slot.specs[0])


def _substitution(cell: Cell, cost: float) -> float:
    similar = 1.0 if cell.full else 0.0 if cell.comparison.wrong == "failed_call" else cell.comparison.similarity
    return cost * (1.0 - similar)


def _slot_cost(slot: Slot, book: ToolBook) -> float:
    """What leaving a slot empty costs: nothing where it may be, else its cheapest alternative."""
    if not slot.required:
        return 0.0
    return min(unit_cost(book.spec(name).effect) for spec in slot.specs for name in spec.tools)


def _open_cell(table: Table, row: int) -> Cell | None:
    """The cell of a slot that takes any number of calls and that this one fits."""
    cells = (table.cells[row].get(column) for column in table.plan.open_slots)
    return next((cell for cell in cells if cell is not None and cell.full), None)
