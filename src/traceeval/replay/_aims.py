"""Whether faults and payloads are aimed at what is there: a disturbance that can never come about is one everybody survives.

What is known without running anything is looked at when a suite is read: the suite's ``tools.yaml``, and the tape of a
scenario that plays one. What its mocks offer is known once they are made, before the first trial.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches
from fnmatch import fnmatchcase
from pathlib import Path

from traceeval.errors import ConfigError
from traceeval.measures.strict_yaml import Document
from traceeval.measures.strict_yaml import Path as Place
from traceeval.model import Injection, Scenario, ToolSpec
from traceeval.replay._jsonpath import replaced, steps_of
from traceeval.replay.tools._tape import Take, read_tape

_SHOWN = 12


def check_aims(scenario: Scenario, document: Document, root: Path, declared: Sequence[ToolSpec]) -> None:
    """Refuse what is aimed at a tool, or at a place in its result, that neither tape nor ``tools.yaml`` knows.

    Raises:
        ConfigError: with ``file:line``.
    """
    if not (scenario.faults or scenario.injections):
        return
    tools = scenario.tools
    if tools.mode == "cassette" and tools.cassette is not None and tools.module is None:
        tape = read_tape(root / tools.cassette.file)
        check_tools(scenario, document, {take.tool for take in tape}, f"on the tape {tools.cassette.file}")
        _slots(scenario, document, tape)
    elif declared:
        check_tools(scenario, document, {spec.name for spec in declared}, "that the suite's tools file declares")


def check_tools(scenario: Scenario, document: Document, names: Iterable[str], among: str) -> None:
    """Refuse a fault or a slot whose tool none of the names matches. ``among``: where they stand.

    Raises:
        ConfigError: with ``file:line``.
    """
    known = sorted(names)
    for place, tool in _aims(scenario):
        if not any(fnmatchcase(name, tool) for name in known):
            near = get_close_matches(tool, known, n=1)
            told = f"is it {near[0]!r}?" if near else f"there are: {', '.join(known[:_SHOWN]) or 'none'}"
            raise _wrong(document, place, f"no tool {tool!r} {among}; {told}")


def _aims(scenario: Scenario) -> Iterator[tuple[Place, str]]:
    for number, fault in enumerate(scenario.faults):
        yield ("faults", number, "at", "tool"), fault.at.tool
    for number, injection in enumerate(scenario.injections):
        yield ("injections", number, "slot", "tool"), injection.slot.tool


def _slots(scenario: Scenario, document: Document, tape: Sequence[Take]) -> None:
    for number, injection in enumerate(scenario.injections):
        if not any(_stands(injection, take) for take in tape):
            slot = injection.slot
            text = f"{slot.path} stands in no result of {slot.tool} on the tape; correct the path"
            raise _wrong(document, ("injections", number, "slot", "path"), text)


def _stands(injection: Injection, take: Take) -> bool:
    result = take.answer
    if not result.ok or not fnmatchcase(take.tool, injection.slot.tool):
        return False
    try:
        replaced(result.data, steps_of(injection.slot.path), lambda value: value)
    except LookupError:
        return False
    return True


def _wrong(document: Document, place: Place, text: str) -> ConfigError:
    return ConfigError(f"{document.where(place)}: {'.'.join(map(str, place))}: {text}")
