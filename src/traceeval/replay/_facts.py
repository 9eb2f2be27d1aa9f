"""Facts a user tells: values the scenario's calls need, where they stand in a turn, and others they could be mistaken for."""

from __future__ import annotations

import re
from collections.abc import Iterator

from traceeval.measures.matchers import matcher_of
from traceeval.model import Json, Scenario, Value

_PLAIN = frozenset({"id", "ids", "number", "no", "name", "code", "key", "ref"})


class Fact(Value, frozen=True):
    """A value a turn tells. ``name``: the argument it is for; ``others``: values that could stand in its place.

    ``tools``: those that are called with it.
    """

    turn: int
    text: str
    name: str
    tools: tuple[str, ...]
    others: tuple[str, ...] = ()

    @property
    def noun(self) -> str:
        """What a person calls such a thing: ``order`` for ``order_id``."""
        return next((word for word in self.name.split("_") if word not in _PLAIN), self.name)


def facts_of(scenario: Scenario, state: Json) -> tuple[Fact, ...]:
    """Every fact of the scripted turns, in the order they are told; each once."""
    found: dict[str, Fact] = {}
    for tool, name, text in _wanted(scenario):
        turn = next((n for n, one in enumerate(scenario.user.turns, 1) if place_of(text, one.say)), None)
        if turn is None:
            continue
        known = found.get(text)
        tools = (*known.tools, tool) if known is not None else (tool,)
        others = known.others if known is not None else tuple(sorted(set(_beside(state, text)) - {text}))
        found[text] = Fact(turn=turn, text=text, name=known.name if known else name, tools=tools, others=others)
    return tuple(
        sorted(found.values(), key=lambda fact: (fact.turn, scenario.user.turns[fact.turn - 1].say.index(fact.text)))
    )


def place_of(fact: str, said: str) -> re.Match[str] | None:
    """Where a fact stands in a text as a whole: ``BL-1`` is not part of ``BL-10``."""
    return re.search(rf"(?<![\w-]){re.escape(fact)}(?![\w-])", said)


def _wanted(scenario: Scenario) -> Iterator[tuple[str, str, str]]:
    for milestone in (scenario.assertions.milestones or {}).values():
        if milestone.call is None:
            continue
        tool = milestone.call.tool
        for name, value in milestone.call.args.items():
            plain = value["$eq"] if isinstance(value, dict) and matcher_of(value) == "$eq" else value
            if isinstance(plain, str | int | float) and not isinstance(plain, bool) and str(plain):
                yield from ((one, name, str(plain)) for one in ((tool,) if isinstance(tool, str) else tool))


def _beside(state: Json, text: str) -> Iterator[str]:
    """Keys beside a key, or values of the same key beside a value: what a state knows of the same kind."""
    if isinstance(state, dict):
        if text in state:
            yield from (key for key in state if key != text)
        for value in state.values():
            yield from _beside(value, text)
    elif isinstance(state, list):
        keys = {key for one in state if isinstance(one, dict) for key, value in one.items() if str(value) == text}
        yield from (str(one[key]) for one in state if isinstance(one, dict) for key in keys if key in one)
        for value in state:
            yield from _beside(value, text)
