"""A scenario's assertions as the Reference its traces carry: what ``evaluate`` scores them against."""

from __future__ import annotations

import copy
from pathlib import Path

import msgspec

from traceeval.errors import ConfigError
from traceeval.model import Forbidden, Json, Reference, Scenario
from traceeval.model.assertions import Assertions
from traceeval.model.reference import StateSpec
from traceeval.model.scenario import StateSource

_SHOWN = 200


def initial_state(scenario: Scenario, root: Path) -> Json:
    """The state a trial begins with: a copy of its own, patched. None: the scenario declares none.

    Raises:
        ConfigError: no JSON, or a patch that does not apply.
    """
    source = scenario.tools.state
    if source is None:
        return None
    state = copy.deepcopy(source.value) if source.file is None else _read(root / source.file)
    return _patched(state, source, scenario)


def reference_of(scenario: Scenario, state: Json) -> Reference:
    """What should have happened, as a Reference. ``state``: the one the trial began with."""
    asked = scenario.assertions
    specs = [milestone.spec(id) for id, milestone in (asked.milestones or {}).items()]
    return Reference(
        calls=None if asked.milestones is None else tuple(spec for spec in specs if spec is not None),
        reached=_reached(asked),
        forbidden=_forbidden(asked),
        state=None if asked.state is None else _expected(state, asked.state.expect),
        free=() if asked.state is None else asked.state.diff.allow,
    )


def _reached(asked: Assertions) -> tuple[StateSpec, ...] | None:
    found = [(one.state, one.weight) for one in (asked.milestones or {}).values() if one.state is not None]
    return tuple(StateSpec(path=s.path, value=s.value, weight=weight) for s, weight in found) or None


def _forbidden(asked: Assertions) -> tuple[Forbidden, ...] | None:
    """The forbidden calls; forbidden flows are no calls, and are asked of the graph."""
    if asked.forbidden is None:
        return None
    found = [(one.call, one.why) for one in asked.forbidden if one.call is not None]
    return tuple(Forbidden(tool=call.tool, args=call.args, why=why) for call, why in found)


def _expected(state: Json, changes: dict[str, Json] | Json) -> Json:
    expected = copy.deepcopy(state)
    for path, value in changes.items():
        expected = _set(expected, path, value)
    return expected


def _set(state: Json, path: str, value: Json) -> Json:
    """The state with a value at a path; objects on the way are made where there are none."""
    if isinstance(state, dict) and path in state:
        return {**state, path: value}
    first, _, rest = path.partition(".")
    if isinstance(state, list) and first.isdecimal() and int(first) <= len(state):
        below = state[int(first)] if int(first) < len(state) else {}
        return [*state[: int(first)], _set(below, rest, value) if rest else value, *state[int(first) + 1 :]]
    known = state if isinstance(state, dict) else {}
    return {**known, first: _set(known.get(first, {}), rest, value) if rest else value}


def _read(path: Path) -> Json:
    try:
        return msgspec.json.decode(path.read_bytes())
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror})") from error
    except (msgspec.DecodeError, RecursionError) as error:
        raise ConfigError(f"{path}: no JSON: {error}") from error


def _patched(state: Json, source: StateSource, scenario: Scenario) -> Json:
    import jsonpatch

    try:
        return jsonpatch.apply_patch(state, [dict(one) for one in source.patch]) if source.patch else state
    except (jsonpatch.JsonPatchException, jsonpatch.JsonPointerException) as error:
        raise ConfigError(f"{scenario.id}: tools.state.patch does not apply: {str(error)[:_SHOWN]}") from error
