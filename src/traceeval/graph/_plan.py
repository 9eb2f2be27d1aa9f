"""What a reference expects, as slots to fill: alternatives share one, repetitions have one each, order is a bit mask."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import msgspec

from traceeval.errors import ConfigError
from traceeval.measures.matchers import bind, check, references
from traceeval.model import CallSpec, Json, Reference


@dataclass(frozen=True, slots=True)
class Slot:
    """A place for one call: of several ``specs`` any will do. ``open``: any number of calls fit."""

    specs: tuple[CallSpec, ...]
    required: bool
    weight: float
    open: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """``before[column]``: bit mask of the slots that come before it, transitively. ``named``: call id -> its first slot.

    ``refs``: what ``$ref`` matchers name: id of an expected call -> ``id.result.path``, as written -> path.
    """

    slots: tuple[Slot, ...]
    before: tuple[int, ...]
    named: Mapping[str, int]
    refs: Mapping[str, Mapping[str, str]]

    def bound(self, known: Mapping[str, Json]) -> Plan:
        """The same with every ``$ref`` replaced by what it names."""
        return replace(
            self,
            slots=tuple(replace(slot, specs=tuple(_bound(spec, known) for spec in slot.specs)) for slot in self.slots),
        )

    @property
    def open_slots(self) -> tuple[int, ...]:
        """Columns that take any number of calls."""
        return tuple(column for column, slot in enumerate(self.slots) if slot.open)


def plan_of(reference: Reference) -> Plan:
    """The expected calls of a reference as a plan.

    Raises:
        ConfigError: an id twice, an order that names nothing or runs in a circle, a matcher that is not of its form.
    """
    calls = reference.calls or ()
    check_reference(reference)
    slots: list[Slot] = []
    columns: dict[str, list[int]] = {}  # id or group name -> the slots that stand for it in an order
    mine: list[tuple[CallSpec, list[int]]] = []
    for group, specs in _groups(calls):
        made = _slots(specs)
        places = list(range(len(slots), len(slots) + len(made)))
        slots += made
        needed = [place for place in places if slots[place].required] or places[:1]
        for name in (group, *(spec.id for spec in specs)):
            if name is not None and name in columns:
                raise ConfigError(f"calls: {name!r} names two expected calls; ids and group names are used once")
            if name is not None:
                columns[name] = needed
        mine += [(spec, places) for spec in specs]
    refs = _refs(calls)
    before = _closed(_direct(mine, columns, len(slots)))
    return Plan(tuple(slots), before, {name: found[0] for name, found in columns.items()}, refs)


def _groups(calls: Sequence[CallSpec]) -> Iterator[tuple[str | None, tuple[CallSpec, ...]]]:
    """Expected calls in order; those of one ``any_of`` group together, where the first of them stands."""
    told: set[str] = set()
    for spec in calls:
        if spec.any_of is None:
            yield None, (spec,)
        elif spec.any_of not in told:
            told.add(spec.any_of)
            yield spec.any_of, tuple(other for other in calls if other.any_of == spec.any_of)


def _slots(specs: tuple[CallSpec, ...]) -> list[Slot]:
    """One slot for each time a call has to be made, and one for each time it may be made besides."""
    first = specs[0]
    low = 0 if all(spec.optional for spec in specs) else first.min
    more = 1 if first.max is None else first.max - low
    weight = max(spec.weight for spec in specs) / max(low, 1)
    needed = [Slot(specs, required=True, weight=weight) for _ in range(low)]
    return needed + [Slot(specs, required=False, weight=weight, open=first.max is None) for _ in range(more)]


def _direct(mine: Sequence[tuple[CallSpec, list[int]]], columns: Mapping[str, list[int]], n: int) -> list[int]:
    """Per slot the slots it names: in ``after``, or as the source of an argument."""
    masks = [0] * n
    for spec, places in mine:
        for name in (*spec.after, *(parse_ref(ref)[0] for ref in _sources(spec))):
            if name not in columns:
                known = ", ".join(columns) or "none; give the call an `id`"
                raise ConfigError(
                    f"calls: {' | '.join(spec.tools)} follows {name!r}, which names no call; known: {known}"
                )
            for place in places:
                masks[place] |= sum(1 << other for other in columns[name])
    return masks


def _closed(direct: Sequence[int]) -> tuple[int, ...]:
    """The transitive closure of an order, from the masks of direct predecessors."""
    closed: list[int] = list(direct)
    for through in range(len(closed)):
        for column, mask in enumerate(closed):
            if mask >> through & 1:
                closed[column] = mask | closed[through]
    if any(mask >> column & 1 for column, mask in enumerate(closed)):
        raise ConfigError("calls: `after` runs in a circle: a call cannot follow itself")
    return tuple(closed)


def _refs(calls: Sequence[CallSpec]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for spec in calls:
        for ref in _sources(spec):
            name, path = parse_ref(ref)
            found.setdefault(name, {})[ref] = path
    return found


def _sources(spec: CallSpec) -> tuple[str, ...]:
    """What the arguments of an expected call name."""
    return tuple(ref for value in spec.args.values() if _may_hold(value) for ref in references(value))


def _may_hold(value: Json) -> bool:
    """Whether a matcher may stand in it: most expected values are plain."""
    return isinstance(value, dict | list | tuple)


def parse_ref(ref: str) -> tuple[str, str]:
    """``lookup.result.order.id`` as the call's id and the path in its result, which is empty for all of it."""
    name, _, path = ref.removeprefix("$").partition(".result")
    return name, path.removeprefix(".")


def _bound(spec: CallSpec, known: Mapping[str, Json]) -> CallSpec:
    if not _sources(spec):
        return spec
    return msgspec.structs.replace(spec, args={path: bind(value, known) for path, value in spec.args.items()})


def check_reference(reference: Reference) -> None:
    """Look at every matcher of a reference, where it stands.

    Raises:
        ConfigError: with the place and the form, when one makes no sense.
    """
    for where, value, may_name in _values(reference):
        if not _may_hold(value):
            continue
        try:
            check(value)
        except ConfigError as error:
            raise ConfigError(f"{where}: {error}") from error
        if not may_name and any(True for _ in references(value)):
            raise ConfigError(f"{where}: only an argument of an expected call can name a result with $ref")


def _values(reference: Reference) -> Iterator[tuple[str, Json, bool]]:
    """(where, expected value, whether it may name a result) of everything a matcher may stand in."""
    for spec in reference.calls or ():
        for path, value in spec.args.items():
            if _may_hold(value):
                yield f"calls: {' | '.join(spec.tools)}: {path}", value, True
    for one in reference.forbidden or ():
        yield from ((f"forbidden: {one.tool}: {path}", value, False) for path, value in one.args.items())
    for state in reference.reached or ():
        yield f"reached: {state.path}", state.value, False
    yield "state", reference.state, False
