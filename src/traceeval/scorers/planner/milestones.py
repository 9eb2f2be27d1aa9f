"""How much of what had to happen happened, in order."""

from __future__ import annotations

from dataclasses import dataclass

from traceeval.errors import ConfigError
from traceeval.graph import check_reference
from traceeval.graph._matching import Match, match_of
from traceeval.graph.views import CallsView, Reading
from traceeval.measures.alignment import align
from traceeval.measures.matchers import match as relation
from traceeval.measures.paths import ABSENT, value_at
from traceeval.model import Json, Reference, StateSpec
from traceeval.registry import scorer


@scorer("planner.milestones", needs=("reference.calls",))
def milestones(view: CallsView) -> Reading:
    """Weight of the milestones reached, in order, over the weight of all.

    Milestones are the required calls, and the values of the final state the reference names (``reached``). A call
    reaches one, in full; of all ways to tell which call reached which, the one with most weight counts. Undefined when
    none is declared; failed, with bounds, when the final state was not recorded. Source: metrics.md section 8.
    """
    reference = view.reference
    if reference is None or (reference.calls is None and reference.reached is None):
        return Reading.not_applicable("no_reference: no expected calls (`calls`) and no state to reach (`reached`)")
    calls = match_of(view) if reference.calls is not None else None
    if isinstance(calls, Reading):
        return calls
    try:
        check_reference(reference if calls is None else Reference(reached=reference.reached))
    except ConfigError as error:
        return Reading.failed(f"bad_reference: {error}")
    done = _of_calls(calls) if calls is not None else _Tally()
    states = reference.reached or ()
    total = done.total + sum(state.weight for state in states)
    units = done.declared + len(states)
    if not total:
        return Reading.undefined("no_milestone: the reference requires no call and no state")
    if states and view.state is None:
        bounds = (done.gained / total, (done.gained + total - done.total) / total)
        return Reading.failed("missing_evidence: the final state was not recorded", bounds=bounds, units=units)
    held = [state for state in states if _holds(view.state, state)]
    missed = (*done.missed, *(state.path for state in states if state not in held))
    value = (done.gained + sum(state.weight for state in held)) / total
    return Reading.scored(min(1.0, value), units=units, why=_why(missed, done.approximate))


@dataclass(frozen=True, slots=True)
class _Tally:
    """What of the expected calls was reached: weights, how many there are, and the names of the rest."""

    gained: float = 0.0
    total: float = 0.0
    declared: int = 0
    missed: tuple[str, ...] = ()
    approximate: bool = False


def _of_calls(match: Match) -> _Tally:
    table = match.table
    needed = {column: slot for column, slot in enumerate(table.plan.slots) if slot.required}
    gains = [{c: needed[c].weight for c, cell in row.items() if c in needed and cell.full} for row in table.cells]
    found = align(gains, table.moments, table.plan.before)
    reached = set(found.pairs.values())
    missed = [slot.specs[0] for column, slot in needed.items() if column not in reached]
    return _Tally(
        gained=found.total,
        total=sum(slot.weight for slot in needed.values()),
        declared=len(needed),
        missed=tuple(spec.id or spec.tools[0] for spec in missed),
        approximate=found.approximate or not table.complete,
    )


def _holds(state: Json, wanted: StateSpec) -> bool:
    value = value_at(state, wanted.path)
    return value is not ABSENT and relation(value, wanted.value) == "equal"


def _why(missed: tuple[str, ...], approximate: bool) -> str:
    text = f"not_reached: {', '.join(missed[:10])}" if missed else ""
    return f"approximate: a better map may exist; {text}" if approximate else text
