"""The comparisons behind ``planner.match``: modes of trajectories, modes of arguments, all of them output against reference."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Literal, TypeAlias

import msgspec
from msgspec.structs import replace

from traceeval.graph import Call, ToolBook
from traceeval.graph._arguments import compare
from traceeval.graph._plan import Slot
from traceeval.graph._table import Table, names
from traceeval.measures.assignment import injective
from traceeval.model import CallSpec, Json

Mode: TypeAlias = Literal["strict", "unordered", "subset", "superset"]
Args: TypeAlias = Literal["exact", "ignore", "subset", "superset"]
Override: TypeAlias = Args | Sequence[str] | Callable[[Json, Mapping[str, Json]], bool]
"""How one tool's arguments compare: a mode, the fields that count, or a function of (output, reference)."""
Overrides: TypeAlias = Mapping[str, Override]

Edges: TypeAlias = Sequence[Sequence[int]]


def edges_of(table: Table, args: Args, overrides: Overrides, book: ToolBook) -> list[list[int]]:
    """Per call the slots it fills under these modes."""
    return [
        [
            column
            for column in cells
            if any(_fills(call, spec, overrides.get(call.name, args), book) for spec in table.plan.slots[column].specs)
        ]
        for call, cells in zip(table.calls, table.cells, strict=True)
    ]


def unknown_fields(table: Table, overrides: Overrides) -> list[str]:
    """Fields an override names that neither side has, for tools that are on either side: a slip of the pen."""
    found = []
    for tool, override in overrides.items():
        if isinstance(override, str) or callable(override):
            continue
        specs = [spec for slot in table.plan.slots for spec in slot.specs if tool in spec.tools]
        calls = [call for call in table.calls if call.name == tool]
        known = {path for spec in specs for path in spec.args}
        known |= {key for call in calls if isinstance(call.arguments, dict) for key in call.arguments}
        found += [f"{tool}.{field}" for field in override if (specs or calls) and field not in known]
    return found


def _fills(call: Call, spec: CallSpec, how: Override, book: ToolBook) -> bool:
    """Whether a call is what was expected under one mode of arguments; its outcome counts under each of them."""
    if not names(spec, call):
        return False
    if callable(how):
        loose = msgspec.structs.replace(spec, args={}, extra="allow")
        return compare(call, loose, book).wrong is None and bool(how(call.arguments, dict(spec.args)))
    if isinstance(how, str):
        return compare(call, _RELAXED[how](spec), book).wrong is None
    fields = set(how)
    given = {k: v for k, v in call.arguments.items() if k in fields} if isinstance(call.arguments, dict) else None
    wanted = msgspec.structs.replace(spec, args={k: v for k, v in spec.args.items() if k in fields})
    return compare(call if given is None else replace(call, arguments=given), wanted, book).wrong is None


_RELAXED: Mapping[str, Callable[[CallSpec], CallSpec]] = {
    "exact": lambda spec: spec,
    "ignore": lambda spec: msgspec.structs.replace(spec, args={}, extra="allow"),
    "superset": lambda spec: msgspec.structs.replace(spec, extra="allow"),
    "subset": lambda spec: msgspec.structs.replace(
        spec, args={path: {"$optional": value} for path, value in spec.args.items()}
    ),
}


def verdict(mode: Mode, table: Table, edges: Edges) -> bool:
    """Whether the calls stand to the reference as the mode says; declared order and groups hold in each."""
    slots = table.plan.slots
    if mode == "superset":
        return _fill(edges, _required(slots, range(len(slots))))
    if mode == "subset":
        return _placed(edges, slots)
    if mode == "unordered":
        return _placed(edges, slots) and _fill(edges, _required(slots, range(len(slots))))
    return _strict(table, edges)


def _placed(edges: Edges, slots: Sequence[Slot]) -> bool:
    """Every call has a slot of its own, or one that takes any number."""
    rest = [row for row in edges if not any(slots[column].open for column in row)]
    return len(injective(rest)) == len(rest)


def _fill(edges: Edges, columns: Sequence[int]) -> bool:
    """Every one of these slots has a call of its own."""
    rows: dict[int, list[int]] = {column: [] for column in columns}
    for row, fits in enumerate(edges):
        for column in fits:
            if column in rows:
                rows[column].append(row)
    return len(injective(list(rows.values()))) == len(columns)


def _required(slots: Sequence[Slot], columns: Iterable[int]) -> list[int]:
    return [column for column in columns if slots[column].required]


def _strict(table: Table, edges: Edges) -> bool:
    """The listed order, batch by batch: each message's calls fill the next slots, in any order among themselves.

    A set of calls that has slots, and a set of slots that has calls, can be had in one (Mendelsohn & Dulmage 1958).
    """
    slots = table.plan.slots
    ends = {0}
    for batch in _batches(table.calls):
        ends = {end for start in ends for end in _after(batch, start, slots, edges)}
        if not ends:
            return False
    return any(not _required(slots, range(end, len(slots))) for end in ends)


def _batches(calls: Sequence[Call]) -> list[list[int]]:
    rows: dict[Any, list[int]] = {}
    for row, call in enumerate(calls):
        rows.setdefault(call.moment[0], []).append(row)
    return [rows[moment] for moment in sorted(rows)]


def _after(batch: Sequence[int], start: int, slots: Sequence[Slot], edges: Edges) -> Iterable[int]:
    """Where the next batch may begin: behind the slots that this one fills, leaving out only what may be left out."""
    spare = 0
    for end in range(start, len(slots) + 1):
        if end > start:
            spare += not slots[end - 1].required
        if end - start - spare > len(batch):
            return
        window = range(start, end)
        inside = [[column for column in edges[row] if column in window] for row in batch]
        if _placed(inside, slots) and _fill(inside, _required(slots, window)):
            yield end
            if end > start and slots[end - 1].open:
                yield end - 1
