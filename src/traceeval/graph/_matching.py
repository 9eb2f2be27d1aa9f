"""Executed calls against expected ones: one class for every call, optimal, never greedy (metrics.md section 7.2)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, TypeAlias

from traceeval.errors import ConfigError
from traceeval.graph._arguments import Comparison
from traceeval.graph._call import Call
from traceeval.graph._history import History
from traceeval.graph._plan import plan_of
from traceeval.graph._table import Cell, Table, tables
from traceeval.graph.views import CallsView, Reading
from traceeval.measures.alignment import align, violations
from traceeval.measures.assignment import assign, weights
from traceeval.model import CHANGING, CallSpec

Kind: TypeAlias = Literal[
    "matched",
    "proposed_not_executed",
    "retry_after_error",
    "malformed_args",
    "unknown_tool",
    "unknown_arg",
    "missing_arg",
    "wrong_type",
    "wrong_value",
    "failed_call",
    "duplicate",
    "unnecessary_call",
]
Coerce: TypeAlias = Literal["flag", "accept"]
Calls: TypeAlias = Literal["all", "effects"]
NO_REFERENCE = Reading.not_applicable("no_reference: no expected calls (`calls`; an empty list says: none)")


@dataclass(frozen=True, slots=True)
class Classed:
    """One call with its class. ``spec``: the expected call it was paired with, ``column`` its place."""

    call: Call
    kind: Kind
    spec: CallSpec | None = None
    comparison: Comparison | None = None
    out_of_order: bool = False
    column: int | None = None

    @property
    def effect(self) -> str:
        """``pure`` for what changes nothing, ``side_effecting``, or ``unknown``."""
        effect = self.call.spec.effect
        return "unknown" if effect == "unknown" else "side_effecting" if effect in CHANGING else "pure"


@dataclass(frozen=True, slots=True)
class Match:
    """All calls with their classes, the expected ones without a call, and how many were expected.

    ``specs``: slots that were required or filled. ``extra_calls``: what else may run. ``complete`` False: a better
    match may exist.
    """

    calls: tuple[Classed, ...]
    missing: tuple[CallSpec, ...]
    missing_columns: tuple[int, ...]
    required: int
    specs: int
    table: Table
    extra_calls: str
    similarities: float = 0.0
    complete: bool = True
    by_kind: Mapping[str, int] = field(default_factory=dict)

    def count(self, *kinds: Kind) -> int:
        """Calls of these classes."""
        return sum(self.by_kind.get(kind, 0) for kind in kinds)

    @property
    def executed(self) -> int:
        """Calls that ran."""
        return len(self.calls) - self.count("proposed_not_executed")

    @property
    def false_positives(self) -> int:
        """Executed, neither matched nor a free retry."""
        return self.executed - self.count("matched", "retry_after_error")


def match_of(view: CallsView, coerce: Coerce = "flag", calls: Calls = "all") -> Match | Reading:
    """The match of a trajectory, made once for every score and finding that rests on it.

    ``calls="effects"``: successful calls that change the world, or might, are all that counts. A Reading says why there
    is no match: no expected calls, a reference that makes no sense, an argument bound to a result nobody recorded.
    """
    if view.reference is None or view.reference.calls is None:
        return NO_REFERENCE
    key = (coerce, calls)
    found = view.matches.get(key)
    if not isinstance(found, Match | Reading):
        found = _match_or_why(view, coerce=coerce == "accept", effects_only=calls == "effects")
        view.matches[key] = found
    return found


def _match_or_why(view: CallsView, *, coerce: bool, effects_only: bool) -> Match | Reading:
    try:
        match = match_calls(view, coerce=coerce, effects_only=effects_only)
    except ConfigError as error:
        return Reading.failed(f"bad_reference: {error}")
    return match if match.table.gap is None else Reading.failed(match.table.gap)


def match_calls(view: CallsView, *, coerce: bool = False, effects_only: bool = False) -> Match:
    """Pair and class every call of a trajectory; call only with ``view.reference.calls`` declared.

    Raises:
        ConfigError: for expected calls that make no sense, with the way out.
    """
    assert view.reference is not None
    ran = [call for call in view.calls if call.executed]
    if effects_only:
        ran = [call for call in ran if call.changes is not False and call.ok is not False]
    plan = plan_of(view.reference)
    pairings = [_pair(table) for table in tables(plan, ran, view.book, coerce=coerce)]
    best = max(pairings, key=lambda pairing: pairing.worth)
    classed = _classes(best, view)
    waiting = () if effects_only else tuple(Classed(c, "proposed_not_executed") for c in view.calls if not c.executed)
    return _match((*classed, *waiting), best, view.reference.extra_calls)


@dataclass(frozen=True)
class _Pairing:
    """Which call fills which slot. ``exact`` False: a map that keeps the order better may exist."""

    table: Table
    pairs: Mapping[int, int]
    exact: bool = True

    def cell(self, row: int) -> Cell | None:
        """The cell of a paired call."""
        column = self.pairs.get(row)
        return None if column is None else self.table.cells[row][column]

    @cached_property
    def full(self) -> dict[int, int]:
        """The pairs in which nothing is wrong."""
        return {row: column for row, column in self.pairs.items() if self.table.cells[row][column].full}

    @cached_property
    def worth(self) -> tuple[int, int, int, float]:
        """The objectives in order: required slots filled, others filled, pairs, similarity."""
        slots = self.table.plan.slots
        full = [slots[column].required for column in self.full.values()]
        similar = sum(self.table.cells[r][c].comparison.similarity for r, c in self.pairs.items())
        return sum(full), len(full) - sum(full), len(self.pairs), similar


def _pair(table: Table) -> _Pairing:
    """The best assignment; of equally good ones one that keeps the order; then calls that fit an open slot."""
    needed = [slot.required for slot in table.plan.slots]
    pairing = _Pairing(table, assign(table.fits, needed))
    if violations(pairing.full, table.moments, table.plan.before):
        ordered = _ordered(table, needed)
        if ordered.worth[:2] >= pairing.worth[:2]:
            pairing = ordered
        elif not ordered.exact:
            pairing = _Pairing(table, pairing.pairs, exact=False)
    return _Pairing(table, {**pairing.pairs, **_opened(table, pairing)}, pairing.exact)


def _ordered(table: Table, needed: list[bool]) -> _Pairing:
    """Full matches in order; then whatever pairs are left."""
    fits = table.fits
    full = [{c: gain for c, gain in row.items() if fits[r][c].full} for r, row in enumerate(weights(fits, needed))]
    kept = align(full, table.moments, table.plan.before)
    taken = set(kept.pairs.values())
    rest = [
        {} if r in kept.pairs else {c: fit for c, fit in row.items() if c not in taken and not fit.full}
        for r, row in enumerate(fits)
    ]
    return _Pairing(table, {**assign(rest, needed), **kept.pairs}, not kept.approximate)


def _opened(table: Table, pairing: _Pairing) -> dict[int, int]:
    """Calls without a full match that fit a slot which takes any number."""
    full = pairing.full
    found = {}
    for column in table.plan.open_slots:
        for row, cells in enumerate(table.cells):
            if row not in full and row not in found and column in cells and cells[column].full:
                found[row] = column
    return found


def _match(calls: tuple[Classed, ...], pairing: _Pairing, extra_calls: str) -> Match:
    slots = pairing.table.plan.slots
    counts: dict[str, int] = {}
    for one in calls:
        counts[one.kind] = counts.get(one.kind, 0) + 1
    filled = set(pairing.full.values())
    missing = tuple(c for c, slot in enumerate(slots) if slot.required and c not in filled)
    required = {c for c, slot in enumerate(slots) if slot.required}
    opened = sum(slots[column].open for column in pairing.pairs.values())
    return Match(
        calls=calls,
        missing=tuple(slots[c].specs[0] for c in missing),
        missing_columns=missing,
        required=len(required),
        specs=len(required | {c for c in filled if not slots[c].open}) + opened,
        table=pairing.table,
        extra_calls=extra_calls,
        similarities=pairing.worth[3],
        complete=pairing.exact and pairing.table.complete,
        by_kind=counts,
    )


def _classes(pairing: _Pairing, view: CallsView) -> Iterable[Classed]:
    """One class for every executed call, in order."""
    table = pairing.table
    full = pairing.full
    late = violations(full, table.moments, table.plan.before)
    history = History.of(table, full)
    for row, call in enumerate(table.calls):
        cell, column = pairing.cell(row), pairing.pairs.get(row)
        if cell is None:
            kind = "retry_after_error" if history.retried(row) else _unpaired(row, view, history)
            yield Classed(call, kind)
        elif cell.comparison.wrong is None:
            yield Classed(call, "matched", cell.spec, cell.comparison, row in late, column)
        elif history.retried(row):
            yield Classed(call, "retry_after_error")
        else:
            yield Classed(call, cell.comparison.wrong, cell.spec, cell.comparison, column=column)


def _unpaired(row: int, view: CallsView, history: History) -> Kind:
    call = history.calls[row]
    if call.arguments is None and call.raw is not None:
        return "malformed_args"
    if view.offered is not None and call.name not in view.offered:
        return "unknown_tool"
    return "duplicate" if history.repeats(row) else "unnecessary_call"
