"""The best injective map of events onto a partially ordered plan (trajectories.md section 7.3).

Rows are events with the moment they were asked for and the moment their result was there; columns are steps, some of
which come before others. A map keeps the order when the event of an earlier step had its result before the event of a
later step was asked for: events asked for together have no mutual order, so they fill no two ordered steps.
Of all maps that keep the order, the one with the largest sum of gains is wanted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from traceeval.measures.assignment import heaviest

MOST_STEPS = 20
_BUDGET = 100_000
"""Transitions after which the exact search gives up: what a hostile trace may cost."""

_EPS = 1e-9

Gains: TypeAlias = Sequence[Mapping[int, float]]
Moments: TypeAlias = Sequence[tuple[int, int]]
Pairs: TypeAlias = dict[int, int]


@dataclass(frozen=True, slots=True)
class Aligned:
    """Row -> column, the sum of gains, and whether a better map may exist."""

    pairs: Pairs
    total: float
    approximate: bool = False


def align(gains: Gains, moments: Moments, before: Sequence[int]) -> Aligned:
    """Maximise the sum of gains over injective maps that keep the order.

    ``gains[row]``: column -> gain, only where a row may fill a column; what is not positive is never chosen.
    ``moments[row]``: (asked, done). ``before[column]``: bit mask of the columns that come before it, transitively.
    Columns that share no row and no order are solved apart. Exact by dynamic programming over antichains up to 20
    columns; above that, or when the search would take too long: assignment and repair, ``approximate``.
    """
    wanted = [{c: gain for c, gain in row.items() if gain > 0} for row in gains]
    pairs: Pairs = {}
    approximate = False
    for rows, columns in _components(wanted, before):
        part = {r: wanted[r] for r in rows}
        found, exact = _solve(part, moments, before, columns)
        pairs.update(found)
        approximate |= not exact
    return Aligned(pairs, sum(wanted[r][c] for r, c in pairs.items()), approximate)


def violations(pairs: Pairs, moments: Moments, before: Sequence[int]) -> set[int]:
    """Rows that ran before the row of an earlier step had its result."""
    return {second for _, second in _clashes(pairs, moments, before)}


def _solve(
    gains: Mapping[int, Mapping[int, float]], moments: Moments, before: Sequence[int], columns: frozenset[int]
) -> tuple[Pairs, bool]:
    """The pairs of one component, and whether they are the best there are."""
    free = heaviest(gains)
    if not violations(free, moments, before):
        return free, True
    repaired = _repair(gains, moments, before, free)
    floor, ceiling = _total(gains, repaired), _total(gains, free)
    if len(columns) > MOST_STEPS or floor >= ceiling - _EPS:
        return repaired, floor >= ceiling - _EPS
    found = _Search(gains, moments, before, columns, floor).best()
    return (repaired, False) if found is None else (found, True)


def _total(gains: Mapping[int, Mapping[int, float]], pairs: Pairs) -> float:
    return sum(gains[row][column] for row, column in pairs.items())


def _components(gains: Gains, before: Sequence[int]) -> list[tuple[list[int], frozenset[int]]]:
    """Rows and columns that hang together, by a row two columns compete for or by order."""
    root = list(range(len(before)))

    def find(column: int) -> int:
        while root[column] != column:
            root[column] = root[root[column]]
            column = root[column]
        return column

    for column, mask in enumerate(before):
        for other in _bits(mask):
            root[find(other)] = find(column)
    for row in gains:
        first = next(iter(row), None)
        for column in row:
            root[find(column)] = find(first if first is not None else column)
    members: dict[int, set[int]] = {}
    for column in range(len(before)):
        members.setdefault(find(column), set()).add(column)
    rows: dict[int, list[int]] = {}
    for number, row in enumerate(gains):
        if row:
            rows.setdefault(find(next(iter(row))), []).append(number)
    return [(rows[key], frozenset(columns)) for key, columns in members.items() if key in rows]


def _repair(gains: Mapping[int, Mapping[int, float]], moments: Moments, before: Sequence[int], pairs: Pairs) -> Pairs:
    """Leave out, one by one, the pair that breaks most orders for least gain; then put in what still fits."""
    left = dict(pairs)
    clashes: dict[int, set[int]] = {row: set() for row in left}
    for first, second in _clashes(left, moments, before):
        clashes[first].add(second)
        clashes[second].add(first)
    while left:
        worst = max(left, key=lambda row: (len(clashes[row]) / gains[row][left[row]], row))
        if not clashes[worst]:
            break
        del left[worst]
        for other in clashes.pop(worst):
            clashes[other].discard(worst)
    for column in sorted({c for row in gains.values() for c in row} - set(left.values())):
        row_of = {taken: row for row, taken in left.items()}
        known = max((moments[row_of[c]][1] for c in _bits(before[column]) if c in row_of), default=None)
        used = min((moments[r][0] for c, r in row_of.items() if before[c] >> column & 1), default=None)
        fitting = [
            (row[column], -r)
            for r, row in gains.items()
            if column in row
            and r not in left
            and (known is None or known < moments[r][0])
            and (used is None or moments[r][1] < used)
        ]
        if fitting:
            left[-max(fitting)[1]] = column
    return left


def _clashes(pairs: Pairs, moments: Moments, before: Sequence[int]) -> list[tuple[int, int]]:
    """(earlier step's row, later step's row) where the order is broken; of several rows of one step the first counts."""
    row_of = {column: row for row, column in reversed(pairs.items())}
    return [
        (row_of[first], row)
        for row, column in pairs.items()
        for first in _bits(before[column])
        if first in row_of and not moments[row_of[first]][1] < moments[row][0]
    ]


def _bits(mask: int) -> list[int]:
    found = []
    while mask:
        low = mask & -mask
        found.append(low.bit_length() - 1)
        mask ^= low
    return found


_Chain: TypeAlias = "tuple[_Chain, int, int] | None"
_State: TypeAlias = tuple[int, tuple[tuple[int, int], ...]]


class _Search:
    """Events in time; a state is the down-set of the steps taken and the events whose result is still to come.

    A step can still be taken when it is outside the down-set: neither it nor one that follows it was taken. That is all
    the future depends on, so of the maps that lead to one state only the best is kept.
    """

    def __init__(
        self,
        gains: Mapping[int, Mapping[int, float]],
        moments: Moments,
        before: Sequence[int],
        columns: frozenset[int],
        floor: float,
    ) -> None:
        self.gains = gains
        self.moments = moments
        self.before = before
        self.columns = sorted(columns)
        self.floor = floor - _EPS
        self.work = 0

    def best(self) -> Pairs | None:
        """The best map; None when finding it would take too long."""
        states: dict[_State, tuple[float, _Chain]] = {(0, ()): (0.0, None)}
        # a result that comes at the moment of a request was not there for it: requests first
        events = sorted((moment, kind, row) for row in self.gains for kind, moment in enumerate(self.moments[row]))
        rest = self._bounds(events)
        for number, (_, kind, row) in enumerate(events):
            states = self._asked(states, row, rest[number]) if kind == 0 else _done(states, row)
            self.work += len(states)
            if self.work > _BUDGET:
                return None
        chain = max(states.values(), key=lambda found: found[0])[1]
        pairs: Pairs = {}
        while chain is not None:
            chain, row, column = chain
            pairs[row] = column
        return pairs

    def _bounds(self, events: Sequence[tuple[int, int, int]]) -> list[dict[int, float]]:
        """Per event the most each column can still gain behind it."""
        most: dict[int, float] = {}
        found = []
        for _, kind, row in reversed(events):
            found.append(most)
            if kind == 0:
                most = most | {c: max(gain, most.get(c, 0.0)) for c, gain in self.gains[row].items()}
        return found[::-1]

    def _asked(
        self, states: dict[_State, tuple[float, _Chain]], row: int, rest: Mapping[int, float]
    ) -> dict[_State, tuple[float, _Chain]]:
        """Every state with this event left out, and with it filling each step that it may fill."""
        found: dict[_State, tuple[float, _Chain]] = {}
        for (taken, open_), (total, chain) in states.items():
            self._keep(found, (taken, open_), total, chain, rest)
            pending = sum(1 << column for _, column in open_)
            for column, gain in self.gains[row].items():
                self.work += 1
                if taken >> column & 1 or self.before[column] & pending:
                    continue
                state = (taken | self.before[column] | 1 << column, (*open_, (row, column)))
                self._keep(found, state, total + gain, (chain, row, column), rest)
        return found

    def _keep(
        self,
        found: dict[_State, tuple[float, _Chain]],
        state: _State,
        total: float,
        chain: _Chain,
        rest: Mapping[int, float],
    ) -> None:
        """Remember the better way to a state, unless it can no longer reach what is already known to be possible."""
        if total <= self.floor and total + sum(g for c, g in rest.items() if not state[0] >> c & 1) < self.floor:
            return
        known = found.get(state)
        if known is None or known[0] < total:
            found[state] = (total, chain)


def _done(states: dict[_State, tuple[float, _Chain]], row: int) -> dict[_State, tuple[float, _Chain]]:
    """The result of an event is there: steps that follow its step may now be taken."""
    found: dict[_State, tuple[float, _Chain]] = {}
    for (taken, open_), value in states.items():
        state = (taken, tuple(pair for pair in open_ if pair[0] != row))
        known = found.get(state)
        if known is None or known[0] < value[0]:
            found[state] = value
    return found
