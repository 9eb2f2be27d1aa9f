"""What each call touches, and how often that had been changed: ``entity(args)`` and ``ver(e, t)``.

An entity is an id, folded: ``#W123`` and ``w123`` are one. Two things that share an id count as one entity, so a
version may be too high, never too low.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from traceeval.graph._call import Call
from traceeval.measures.once import once
from traceeval.measures.values import id_key

if TYPE_CHECKING:
    from traceeval.graph._trace_graph import TraceGraph

NAMING = frozenset({"resource", "destination"})
"""Roles whose values name what a call touches, where nobody declared the entity."""


@dataclass(slots=True)
class _Writes:
    """Calls that changed one entity, or may have, with their positions in order."""

    at: list[float] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)

    def add(self, call: Call) -> None:
        self.at.append(call.at)
        self.calls.append(call)

    def between(self, after: float, before: float) -> Iterator[Call]:
        return iter(self.calls[bisect_right(self.at, after) : bisect_left(self.at, before)])


class Entities:
    """Entities of one trace. Built once, linear in its calls; every question is a bisection."""

    def __init__(self, graph: TraceGraph) -> None:
        self._calls, self._flows = graph.calls, graph.flows
        self._known: dict[int, frozenset[str]] = {}

    def of(self, call: Call) -> frozenset[str]:
        """Ids a call touches: its declared entity arguments, else its resources and destinations.

        Empty: declared to touch nothing, or nobody can tell; ``Call.spec.entity`` tells which.
        """
        found = self._known.get(id(call))
        if found is None:
            found = self._known[id(call)] = frozenset(self._ids(call))
        return found

    def version(self, entity: str, at: float) -> int:
        """``ver(e, t)``: successful writes that name the entity, before position ``at``."""
        writes = self._sure.get(entity)
        return bisect_left(writes.at, at) if writes is not None else 0

    def versions(self, call: Call) -> tuple[tuple[str, int], ...]:
        """Every entity of a call with its version when the call ran, sorted."""
        return tuple((entity, self.version(entity, call.at)) for entity in sorted(self.of(call)))

    def writes(self, entities: frozenset[str], after: float, before: float) -> Iterator[Call]:
        """Successful writes that name one of these, strictly between two positions, each once, entity by entity."""
        yield from _each(self._sure, entities, after, before)

    def may_write(self, entities: frozenset[str], after: float, before: float) -> Iterator[Call]:
        """Calls strictly between two positions that changed one of these, or that nobody can exclude from it.

        Their effect or outcome is unknown, or they name no entity. Without ``entities``: all that may have written.
        """
        yield from _each(self._may, entities, after, before)

    @once
    def _sure(self) -> Mapping[str, _Writes]:
        found: dict[str, _Writes] = {}
        for call in self._in_order():
            if call.changes and call.ok:
                for entity in self.of(call):
                    found.setdefault(entity, _Writes()).add(call)
        return found

    @once
    def _may(self) -> Mapping[str, _Writes]:
        """As above; ``""`` holds writes without an id, ``*`` every possible write."""
        found: dict[str, _Writes] = {}
        for call in self._in_order():
            if call.changes is not False and call.ok is not False and call.spec.entity != ():
                for entity in ("*", *(self.of(call) or ("",))):
                    found.setdefault(entity, _Writes()).add(call)
        return found

    def _in_order(self) -> list[Call]:
        return sorted((call for call in self._calls if call.executed), key=lambda call: call.at)

    def _ids(self, call: Call) -> Iterator[str]:
        declared = call.spec.entity
        for leaf in self._flows.leaves(call):
            named = leaf.role in NAMING if declared is None else _below(leaf.path, declared)
            if named and leaf.value is not None and not isinstance(leaf.value, bool) and (key := id_key(leaf.value)):
                yield key


def _below(path: str, declared: tuple[str, ...]) -> bool:
    """Whether a leaf is one of the declared paths or stands below one."""
    return any(path == one or path.startswith(f"{one}.") for one in declared)


def _each(index: Mapping[str, _Writes], entities: frozenset[str], after: float, before: float) -> Iterator[Call]:
    seen: set[int] = set()
    for entity in sorted(entities | {""}) if entities else ("*",):
        writes = index.get(entity)
        for call in writes.between(after, before) if writes is not None else ():
            if id(call) not in seen:
                seen.add(id(call))
                yield call
