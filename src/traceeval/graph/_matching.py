"""Executed calls against expected ones: one class for every call, optimal, never greedy (metrics.md section 7.2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias

import msgspec

from traceeval.graph._arguments import Comparison, compare
from traceeval.graph._call import Call
from traceeval.graph.views import CallsView
from traceeval.measures.assignment import assign
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
_ENCODER = msgspec.json.Encoder(order="deterministic")


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
    """All calls with their classes, the expected ones without a call, and how many were expected."""

    calls: tuple[Classed, ...]
    missing: tuple[CallSpec, ...]
    missing_columns: tuple[int, ...]
    required: int
    specs: int
    similarities: float = 0.0
    by_kind: dict[str, int] = field(default_factory=dict)

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


def match_calls(view: CallsView, *, coerce: bool = False, effects_only: bool = False) -> Match:
    """Pair and class every call of a trajectory; call only with ``view.reference.calls`` declared.

    ``effects_only``: successful calls that change the world, or might, are all that counts.
    """
    specs = list(view.reference.calls or ()) if view.reference is not None else []
    ran = [call for call in view.calls if call.executed]
    if effects_only:
        ran = [call for call in ran if call.changes is not False and call.ok is not False]
    compared = [[compare(c, s, view.book, coerce=coerce) if _names(s, c) else None for s in specs] for c in ran]
    needed = [not spec.optional for spec in specs]
    pairs = assign([[one.fit if one else None for one in row] for row in compared], needed)
    classed = _classes(ran, specs, compared, pairs, view)
    classed = _ordered(classed)
    waiting = [] if effects_only else [Classed(c, "proposed_not_executed") for c in view.calls if not c.executed]
    filled = {one.column for one in classed if one.kind == "matched" and one.column is not None}
    missing = _missing(specs, filled)
    return _match((*classed, *waiting), missing, specs, compared, pairs)


def _names(spec: CallSpec, call: Call) -> bool:
    return call.name == spec.tool if isinstance(spec.tool, str) else call.name in spec.tool


def _match(
    calls: tuple[Classed, ...],
    missing: tuple[int, ...],
    specs: Sequence[CallSpec],
    compared: Sequence[Sequence[Comparison | None]],
    pairs: dict[int, int],
) -> Match:
    counts: dict[str, int] = {}
    for one in calls:
        counts[one.kind] = counts.get(one.kind, 0) + 1
    similar = sum(found.similarity for r, c in pairs.items() if (found := compared[r][c]) is not None)
    groups = {spec.any_of for spec in specs if spec.any_of}
    required = sum(not spec.optional and not spec.any_of for spec in specs) + len(groups)
    return Match(calls, tuple(specs[c] for c in missing), missing, required, len(specs), similar, counts)


def _missing(specs: Sequence[CallSpec], filled: set[int]) -> tuple[int, ...]:
    """Required specs nobody filled; of an any-of group one, and only when none of it was filled."""
    groups_filled = {spec.any_of for column, spec in enumerate(specs) if spec.any_of and column in filled}
    told: set[str] = set()
    missing = []
    for column, spec in enumerate(specs):
        if column in filled or spec.optional or (spec.any_of and (spec.any_of in groups_filled | told)):
            continue
        told |= {spec.any_of} if spec.any_of else set()
        missing.append(column)
    return tuple(missing)


def _classes(
    ran: Sequence[Call],
    specs: Sequence[CallSpec],
    compared: Sequence[Sequence[Comparison | None]],
    pairs: dict[int, int],
    view: CallsView,
) -> tuple[Classed, ...]:
    matched = {r: c for r, c in pairs.items() if (found := compared[r][c]) is not None and found.wrong is None}
    earlier: dict[bytes, list[Call]] = {}
    classed = []
    for r, call in enumerate(ran):
        column = pairs.get(r)
        comparison = compared[r][column] if column is not None else None
        spec = specs[column] if column is not None else None
        if r in matched:
            one = Classed(call, "matched", spec, comparison, column=column)
        elif call.ok is False and _retried(r, ran, compared, matched):
            one = Classed(call, "retry_after_error")
        elif column is not None and comparison is not None and comparison.wrong is not None:
            one = Classed(call, comparison.wrong, spec, comparison, column=column)
        else:
            one = Classed(call, _unpaired(call, view, earlier, ran))
        classed.append(one)
        earlier.setdefault(_key(call), []).append(call)
    return tuple(classed)


def _retried(
    r: int, ran: Sequence[Call], compared: Sequence[Sequence[Comparison | None]], matched: dict[int, int]
) -> bool:
    """A later successful call of the tool has equal arguments, or fills the spec this one was meant for."""
    call = ran[r]
    for later in range(r + 1, len(ran)):
        other = ran[later]
        if other.name != call.name or other.ok is not True:
            continue
        if _key(other) == _key(call):
            return True
        if later in matched and compared[r][matched[later]] is not None:
            return True
    return False


def _unpaired(call: Call, view: CallsView, earlier: dict[bytes, list[Call]], ran: Sequence[Call]) -> Kind:
    if call.arguments is None and call.raw is not None:
        return "malformed_args"
    if view.offered is not None and call.name not in view.offered:
        return "unknown_tool"
    if any(_still_holds(before, call, ran) for before in earlier.get(_key(call), ())):
        return "duplicate"
    return "unnecessary_call"


def _still_holds(before: Call, call: Call, ran: Sequence[Call]) -> bool:
    """An equal call succeeded before, the tool is not volatile, and nothing was written between."""
    written = any(c.changes and c.ok and before.at < c.at < call.at and c.name != call.name for c in ran)
    return before.ok is True and not call.spec.volatile and (bool(call.changes) or not written)


def _key(call: Call) -> bytes:
    return _ENCODER.encode((call.name, call.arguments, call.raw if call.arguments is None else None))


def _ordered(classed: tuple[Classed, ...]) -> tuple[Classed, ...]:
    """Mark matched calls that ran before a spec they had to follow. Calls of one parallel batch have no order."""
    at = {one.spec.id: one.call for one in classed if one.kind == "matched" and one.spec is not None and one.spec.id}
    marked = []
    for one in classed:
        late = (
            one.kind == "matched"
            and one.spec is not None
            and any(name in at and not _available(at[name], one.call) for name in one.spec.after)
        )
        marked.append(replace(one, out_of_order=late))
    return tuple(marked)


def _available(first: Call, second: Call) -> bool:
    """Whether the first call's result was there when the second was asked for."""
    if first.batch is not None and first.batch == second.batch:
        return False
    return first.at < second.at
