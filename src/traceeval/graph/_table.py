"""Every executed call held against every slot of a plan, once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, product
from math import prod

import msgspec

from traceeval.graph._arguments import Comparison, compare
from traceeval.graph._call import Call
from traceeval.graph._plan import Plan, Slot
from traceeval.graph._tools import ToolBook
from traceeval.measures.assignment import Fit
from traceeval.measures.matchers import references
from traceeval.measures.paths import ABSENT, value_at
from traceeval.model import CallSpec, Json, is_whole, text_of

_ENCODER = msgspec.json.Encoder(order="deterministic")
_MOST_BINDINGS = 64


@dataclass(frozen=True, slots=True)
class Cell:
    """A call held against the alternative of a slot that it fits best. ``full``: nothing is wrong."""

    comparison: Comparison
    spec: CallSpec
    full: bool


@dataclass(frozen=True, slots=True)
class Table:
    """``cells[row]``: column -> Cell of the slots whose tool the call names.

    ``keys``: equal for equal calls. ``complete`` False: not every way to bind arguments to earlier results was tried.
    ``gap``: why an argument could not be bound at all.
    """

    plan: Plan
    calls: tuple[Call, ...]
    keys: tuple[bytes, ...]
    cells: tuple[Mapping[int, Cell], ...]
    complete: bool = True
    gap: str | None = None

    @property
    def fits(self) -> list[dict[int, Fit]]:
        """What assignment needs to know; open slots are no part of it."""
        closed = [not slot.open for slot in self.plan.slots]
        return [{c: cell.comparison.fit for c, cell in row.items() if closed[c]} for row in self.cells]

    @property
    def moments(self) -> list[tuple[int, int]]:
        """(asked, done) of each call."""
        return [call.moment for call in self.calls]


def tables(plan: Plan, calls: Sequence[Call], book: ToolBook, *, coerce: bool) -> Iterator[Table]:
    """One table; of a plan whose arguments name earlier results, one for each result they may mean."""
    ran, keys = tuple(calls), tuple(map(_key, calls))
    if not plan.refs:
        yield Table(plan, ran, keys, _cells(plan, ran, keys, book, coerce))
        return
    choices, gap = _choices(plan, ran, book, coerce)
    names = list(choices)
    bindings = product(*choices.values())
    complete = prod(map(len, choices.values())) <= _MOST_BINDINGS
    for chosen in islice(bindings, _MOST_BINDINGS):
        bound = plan.bound({ref: value for source in chosen for ref, value in source.values.items()})
        cells = _cells(bound, ran, keys, book, coerce)
        for name, source in zip(names, chosen, strict=True):
            cells = _only(cells, plan.named[name], source.rows)
        yield Table(bound, ran, keys, cells, complete, gap)


def _key(call: Call) -> bytes:
    """Equal for calls of one tool with equal arguments."""
    return _ENCODER.encode((call.name, call.arguments, call.raw if call.arguments is None else None))


def _cells(
    plan: Plan, calls: Sequence[Call], keys: Sequence[bytes], book: ToolBook, coerce: bool
) -> tuple[Mapping[int, Cell], ...]:
    """Equal calls are compared once."""
    by_tool: dict[str, list[int]] = {}
    for column, slot in enumerate(plan.slots):
        for name in dict.fromkeys(name for spec in slot.specs for name in spec.tools):
            by_tool.setdefault(name, []).append(column)
    known: dict[tuple[bytes, bool | None, str | None], Mapping[int, Cell]] = {}
    found: list[Mapping[int, Cell]] = []
    for call, same in zip(calls, keys, strict=True):
        if call.name not in by_tool:
            found.append({})
            continue
        key = (same, call.ok, call.agent)
        if key not in known:
            known[key] = _row(call, by_tool[call.name], plan.slots, book, coerce)
        found.append(known[key])
    return tuple(found)


def _row(call: Call, columns: Sequence[int], slots: Sequence[Slot], book: ToolBook, coerce: bool) -> dict[int, Cell]:
    row: dict[int, Cell] = {}
    same: dict[int, Cell] = {}  # repetitions of one expected call have their specs in common
    for column in columns:
        specs = slots[column].specs
        if id(specs) not in same:
            compared = [(compare(call, spec, book, coerce=coerce), spec) for spec in specs if names(spec, call)]
            cells = [Cell(found, spec, found.wrong is None) for found, spec in compared]
            if not cells:
                continue
            same[id(specs)] = max(cells, key=lambda cell: (cell.full, cell.comparison.similarity))
        row[column] = same[id(specs)]
    return row


def names(spec: CallSpec, call: Call) -> bool:
    """Whether a call is of the expected tool and, where both are known, by the expected agent."""
    return call.name in spec.tools and (spec.by is None or call.agent is None or call.agent == spec.by)


@dataclass(frozen=True, slots=True)
class _Source:
    """What ``$ref`` matchers of one expected call mean, and the rows whose result says so; None: nothing is said."""

    values: Mapping[str, Json]
    rows: frozenset[int] | None


def _choices(
    plan: Plan, calls: Sequence[Call], book: ToolBook, coerce: bool
) -> tuple[dict[str, list[_Source]], str | None]:
    """Per named call every result it may have had, among calls that are what was expected of it."""
    found: dict[str, list[_Source]] = {}
    gap = None
    for name, paths in plan.refs.items():
        specs = [_unbound(spec) for spec in plan.slots[plan.named[name]].specs if name in (spec.id, spec.any_of)]
        sources: dict[bytes, tuple[dict[str, Json], set[int]]] = {}
        hidden = None
        for row, call in enumerate(calls):
            if not any(names(s, call) and compare(call, s, book, coerce=coerce).wrong is None for s in specs):
                continue
            if not is_whole(call.result):
                hidden = f"missing_evidence: the result of {call.name} ({name}) was not recorded whole"
                continue
            told = _told(call, paths)
            sources.setdefault(_ENCODER.encode(told), (told, set()))[1].add(row)
        found[name] = [_Source(told, frozenset(rows)) for told, rows in sources.values()] or [_Source({}, None)]
        gap = gap or (hidden if not sources else None)
    return found, gap


def _told(call: Call, paths: Mapping[str, str]) -> dict[str, Json]:
    """What a result says at each path; nothing for a path it does not have."""
    text = text_of(call.result) or ""
    try:
        result: Json = msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError):
        result = text
    found = {ref: value_at(result, path) for ref, path in paths.items()}
    return {ref: value for ref, value in found.items() if value is not ABSENT}


def _unbound(spec: CallSpec) -> CallSpec:
    """The call without the arguments that themselves name an earlier result."""
    args = {
        path: {"$ignore": True} if any(True for _ in references(value)) else value for path, value in spec.args.items()
    }
    return msgspec.structs.replace(spec, args=args)


def _only(
    cells: tuple[Mapping[int, Cell], ...], column: int, rows: frozenset[int] | None
) -> tuple[Mapping[int, Cell], ...]:
    """The cells without other calls in the slot whose result was taken from these rows."""
    if rows is None:
        return cells
    return tuple(
        row
        if number in rows or column not in row or not row[column].full
        else {c: v for c, v in row.items() if c != column}
        for number, row in enumerate(cells)
    )
