"""What a scenario asks for, in each of its wordings, and the tools that answer it: how it is compared with production."""

from __future__ import annotations

from collections.abc import Iterator

from traceeval.model import Scenario
from traceeval.model.user import Turn
from traceeval.replay.load import Suite
from traceeval.replay.users.recorded import recorded_turns


def wordings(suite: Suite, scenario: Scenario) -> Iterator[str]:
    """How a user may open it: the first turn, its paraphrases and other languages, and what variants say instead.

    Raises:
        ConfigError: a recording it names cannot be read.
    """
    user = scenario.user
    if user.mode == "scripted":
        yield from _said(user.turns[0])
    elif user.mode == "state_machine":
        yield user.states[user.start or "start"].say
    elif user.mode == "recorded":
        yield recorded_turns(suite.path(user.trace or ""))[0]
    else:
        yield user.goal or ""
    yield from (variant.turns["1"] for variant in scenario.variants if "1" in variant.turns)


def _said(turn: Turn) -> Iterator[str]:
    yield turn.say
    yield from turn.paraphrases
    yield from turn.languages.values()


def expected_tools(scenario: Scenario) -> frozenset[str] | None:
    """The tools of its solution, else of its milestones; None: it has neither, so nobody knows."""
    if scenario.solution:
        calls = [call for step in scenario.solution for call in (step.call, *(step.calls or ())) if call is not None]
        return frozenset(_first(call.tool) for call in calls)
    milestones = (scenario.assertions.milestones or {}).values()
    asked = frozenset(_first(one.call.tool) for one in milestones if one.call is not None)
    return asked or None


def _first(tool: str | tuple[str, ...]) -> str:
    return tool if isinstance(tool, str) else tool[0]
