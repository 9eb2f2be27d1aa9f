"""The baseline that does what the scenario says is right: where it fails, the scenario is wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal

from traceeval.errors import ConfigError
from traceeval.graph._plan import parse_ref
from traceeval.measures.matchers import matcher_of
from traceeval.measures.paths import ABSENT, value_at
from traceeval.model import Json, Scenario
from traceeval.registry import attachment
from traceeval.replay._events import ToolResult
from traceeval.replay._session import Session


class Reference:
    """Follows ``solution``. An argument ``{$ref: call2.result.id}`` is taken from what the second call brought back."""

    label = "reference"
    clock: Literal["virtual"] = "virtual"
    hosts: tuple[str, ...] = ()

    def prepare(self) -> None:
        """Nothing to do."""

    def run(self, session: Session, scenario: Scenario, stream: int) -> None:
        """Step by step; when the steps are spent and the user still talks, it says its last words again."""
        results: list[ToolResult] = []
        last = "That is all."
        if not scenario.solution:
            raise ConfigError(f"{scenario.id}: no `solution`, so the reference has nothing to do; write its steps")
        for step in scenario.solution:
            if session.ended:
                return
            if step.say is not None:
                last = step.say
                session.say(last)
                continue
            calls = step.calls or ((step.call,) if step.call is not None else ())
            made = [(_name(call.tool), dict(_bound(call.args, results))) for call in calls]
            results += session.call_tools(made)
        while not session.ended:
            session.say(last)


def _name(tool: str | tuple[str, ...]) -> str:
    return tool if isinstance(tool, str) else tool[0]


def _bound(args: Mapping[str, Json], results: list[ToolResult]) -> Iterator[tuple[str, Json]]:
    for name, value in args.items():
        yield name, _looked_up(str(value["$ref"]), results) if matcher_of(value) == "$ref" else value


def _looked_up(ref: str, results: list[ToolResult]) -> Json:
    name, path = parse_ref(ref)
    number = name.removeprefix("call")
    if not number.isdecimal() or not 1 <= int(number) <= len(results):
        raise ConfigError(f"solution: {ref!r}: write callN.result.PATH, N counting the calls made so far from 1")
    found = value_at(results[int(number) - 1].data, path)
    if found is ABSENT:
        raise ConfigError(f"solution: {ref!r}: nothing stands there in what the call brought back")
    return found


@attachment("reference")
def reference(rest: str) -> Reference:
    """The agent that follows the scenario's solution."""
    return Reference()
