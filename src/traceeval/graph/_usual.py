"""What is usual among the traces of one run: what a scenario takes, and how an application uses its tools.

Gathered in one reading before anything is judged; holds counts and middles, never a trace. What is kept of one trace and
of one application is bounded: an application whose calls never repeat has nothing usual.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import TypeAlias

from traceeval.graph._spent import spent
from traceeval.measures.robust import Middle
from traceeval.model import Json, ToolCall, Trace

Trait: TypeAlias = tuple[str, ...]
"""``(tool,)``; ``(tool, argument)``; ``(tool, argument, form)`` of a value."""

MOST_TRAITS, MOST_OF_SUITE, MOST_NUMBERS = 200, 50_000, 10_000
_LONGEST = 80
_URL = re.compile(r"[a-z][a-z0-9+.-]*://(?:[^/@\s]*@)?([^/:?#\s]+)", re.IGNORECASE)
_EMAIL = re.compile(r"[^\s@]+@([\w.-]+\.\w+)")
_NUMBER = re.compile(r"[-+]?\d[\d,]*(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Suite:
    """One application: ``traces`` of it, how many of them show each trait, and the middle of each argument's numbers.

    Numbers are as ``magnitude`` gives them.
    """

    traces: int
    traits: Mapping[Trait, int]
    numbers: Mapping[Trait, Middle]


@dataclass(frozen=True, slots=True)
class Usual:
    """Scenario -> quantity -> the middle of its traces; application ("" where none is recorded) -> how it calls.

    Every trace of the run is in it, the one that is looked at too.
    """

    scenarios: Mapping[str, Mapping[str, Middle]]
    suites: Mapping[str, Suite]


@dataclass(slots=True)
class _Gathering:
    traces: int = 0
    traits: Counter[Trait] = field(default_factory=Counter)
    numbers: defaultdict[Trait, list[float]] = field(default_factory=lambda: defaultdict(list))

    def suite(self) -> Suite | None:
        if len(self.traits) > MOST_OF_SUITE:
            return None
        return Suite(self.traces, dict(self.traits), {key: Middle.of(found) for key, found in self.numbers.items()})


class Survey:
    """Looks at every trace of a run once, then says what is usual."""

    def __init__(self) -> None:
        self._scenarios: dict[str, dict[str, list[float]]] = {}
        self._suites: dict[str, _Gathering] = {}

    def add(self, trace: Trace) -> None:
        """Count one trace."""
        if trace.scenario is not None:
            taken = self._scenarios.setdefault(trace.scenario, {})
            for name, (used, whole) in spent([span for span in trace.spans if not span.plumbing]).items():
                if whole:
                    taken.setdefault(name, []).append(used)
        calls = [span.body for span in trace.spans if isinstance(span.body, ToolCall)]
        if calls:
            self._add_calls(suite_of(trace), calls)

    def _add_calls(self, suite: str, calls: list[ToolCall]) -> None:
        kept = self._suites.setdefault(suite, _Gathering())
        kept.traces += 1
        shown = dict.fromkeys(trait for call in calls for trait in traits(call.name, call.arguments))
        if len(kept.traits) <= MOST_OF_SUITE:
            kept.traits.update(islice(shown, MOST_TRAITS))
        found = ((trait, number) for call in calls for trait, number in numbers(call.name, call.arguments))
        for trait, number in islice(dict.fromkeys(found), MOST_TRAITS):
            if trait in kept.numbers or len(kept.numbers) < MOST_OF_SUITE:
                held = kept.numbers[trait]
                if len(held) < MOST_NUMBERS:
                    held.append(number)

    def usual(self) -> Usual:
        """What is usual among the traces seen so far."""
        suites = {name: suite for name, kept in self._suites.items() if (suite := kept.suite()) is not None}
        scenarios = {
            name: {quantity: Middle.of(values) for quantity, values in taken.items()}
            for name, taken in self._scenarios.items()
        }
        return Usual(scenarios, suites)


def suite_of(trace: Trace) -> str:
    """The application a trace is of; "" where none was recorded."""
    return (trace.system.app if trace.system is not None else None) or ""


def traits(tool: str, arguments: Json) -> list[Trait]:
    """What a call shows: its tool, each argument it gives, and the form of each value; at most a few hundred."""
    tool = tool[:_LONGEST]
    found: list[Trait] = [(tool,)]
    for name, value in _given(arguments):
        found += (tool, name), (tool, name, form(value))
    return found


def numbers(tool: str, arguments: Json) -> list[tuple[Trait, float]]:
    """The numbers a call gives, by argument, as magnitudes."""
    return [
        ((tool[:_LONGEST], name), magnitude(value))
        for name, value in _given(arguments)
        if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    ]


def magnitude(value: float) -> float:
    """A number on the scale on which amounts are compared: ``log10(1 + |value|)`` with its sign."""
    return math.copysign(math.log10(1 + abs(value)), value)


_FORMS = {
    bool: "yes or no",
    int: "number",
    float: "number",
    type(None): "nothing",
    list: "list",
    tuple: "list",
    dict: "object",
}


def form(value: Json) -> str:
    """What kind of value it is: its type; of a text whether it is a number, an address and of which host, or words."""
    if not isinstance(value, str):
        return _FORMS[type(value)]
    plain = value.strip()
    address = _URL.match(value) or (_EMAIL.fullmatch(plain) if "@" in plain else None)
    if address is not None:
        return f"address at {address[1].casefold()[:_LONGEST]}"
    return "number as text" if _NUMBER.fullmatch(plain) else "text"


def _given(arguments: Json) -> list[tuple[str, Json]]:
    if not isinstance(arguments, dict):
        return []
    return [(str(name)[:_LONGEST], value) for name, value in islice(arguments.items(), MOST_TRAITS)]
