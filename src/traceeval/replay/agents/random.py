"""The baseline that calls at random: schema-valid calls from the trial's own generator."""

from __future__ import annotations

import random as chance
from collections.abc import Mapping
from typing import Any, Literal

from traceeval.model import Json, Scenario, ToolOffer
from traceeval.registry import attachment
from traceeval.replay._session import Session

_MOST_CALLS = 3
_WORDS = ("a", "open", "yes", "2026-01-01", "1")


class Random:
    """Up to three calls a turn, then a word."""

    label = "random"
    clock: Literal["virtual"] = "virtual"
    hosts: tuple[str, ...] = ()

    def prepare(self) -> None:
        """Nothing to do."""

    def run(self, session: Session, scenario: Scenario, stream: int) -> None:
        """Until the user is done."""
        rng = chance.Random(stream)
        while not session.ended:
            for _ in range(rng.randint(0, _MOST_CALLS) if session.tools else 0):
                tool = rng.choice(session.tools)
                session.call_tool(tool.name, arguments(tool, rng))
            session.say("Done.")


def arguments(tool: ToolOffer, rng: chance.Random) -> dict[str, Json]:
    """Arguments the schema of a tool allows: the required ones, and each other one half of the time."""
    schema = tool.parameters or {}
    required = schema.get("required", ())
    listed: Mapping[str, Any] = schema.get("properties", {})
    return {name: value(rule, rng) for name, rule in listed.items() if name in required or rng.random() < 0.5}


def value(rule: Mapping[str, Any], rng: chance.Random, depth: int = 0) -> Json:
    """A value of one schema; a kind it does not know is a text."""
    if rule.get("enum"):
        return rng.choice(list(rule["enum"]))
    if rule.get("anyOf"):
        return value(rng.choice(list(rule["anyOf"])), rng, depth)
    kind = rule.get("type")
    if kind == "integer":
        return rng.randint(int(rule.get("minimum", 0)), int(rule.get("maximum", 100)))
    if kind == "number":
        return round(rng.uniform(float(rule.get("minimum", 0)), float(rule.get("maximum", 100))), 2)
    if kind == "boolean":
        return rng.random() < 0.5
    if kind == "null":
        return None
    if kind == "array":
        return [value(rule.get("items", {}), rng, depth + 1) for _ in range(rng.randint(0, 2))] if depth < 3 else []
    if kind == "object":
        return {name: value(one, rng, depth + 1) for name, one in rule.get("properties", {}).items()}
    return rng.choice(_WORDS)


@attachment("random")
def random(rest: str) -> Random:
    """The agent that calls at random."""
    return Random()
