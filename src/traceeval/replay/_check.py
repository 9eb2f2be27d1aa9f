"""What a scenario says beyond its form: files that exist, matchers that mean something, ids that are used once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from traceeval.errors import ConfigError
from traceeval.graph import plan_of
from traceeval.measures.matchers import MATCHERS
from traceeval.measures.matchers import check as check_matcher
from traceeval.measures.patterns import check_pattern
from traceeval.measures.strict_yaml import Document
from traceeval.measures.strict_yaml import Path as Place
from traceeval.model import Json, Reference, Scenario
from traceeval.model.assertions import Assertions
from traceeval.replay._expected import initial_state
from traceeval.replay._jsonpath import steps_of
from traceeval.replay._modules import module_and_function

_ID = re.compile(r"(?!.*\.\.)[A-Za-z0-9][\w./-]{0,199}")
_BARE = frozenset(name.removeprefix("$") for name in MATCHERS)


def check(scenario: Scenario, document: Document, root: Path) -> None:
    """Look at everything the form does not say.

    Raises:
        ConfigError: with ``file:line``.
    """
    for place, call in _checks(scenario, document.value, root):
        try:
            call()
        except ConfigError as error:
            raise ConfigError(f"{document.where(place)}: {'.'.join(map(str, place))}: {error}") from error


def _checks(scenario: Scenario, value: Json, root: Path) -> Iterator[tuple[Place, Any]]:
    yield ("id",), lambda: _id(scenario.id)
    for axis in ("variants", "faults", "injections"):
        ids = [one.id for one in getattr(scenario, axis)]
        yield (axis,), lambda ids=ids: _once(ids)
    for place, name in _files(scenario):
        yield place, lambda name=name: _exists(root, name)
    if scenario.tools.module is not None:
        yield ("tools", "module"), lambda module=scenario.tools.module: module_and_function(module)
    for place, args in _arguments(value):
        yield place, lambda args=args: _matchers(args)
    for place, pattern in _patterns(scenario):
        yield place, lambda pattern=pattern: check_pattern(pattern)
    for number, injection in enumerate(scenario.injections):
        yield ("injections", number, "slot", "path"), lambda path=injection.slot.path: steps_of(path)
    for number, variant in enumerate(scenario.variants):
        yield (
            ("variants", number, "turns"),
            lambda turns=variant.turns: _turns(turns, len(scenario.user.turns)),
        )
        yield (
            ("variants", number, "added"),
            lambda turns=variant.added: _turns(turns, len(scenario.user.turns)),
        )
    specs = [milestone.spec(id) for id, milestone in (scenario.assertions.milestones or {}).items()]
    calls = tuple(spec for spec in specs if spec is not None)
    yield ("assertions", "milestones"), lambda: plan_of(Reference(calls=calls))
    if scenario.tools.state is not None:
        yield ("tools", "state"), lambda: initial_state(scenario, root)


def _id(id: str) -> None:
    if not _ID.fullmatch(id):
        raise ConfigError(f"{id[:60]!r} is no id; letters, digits and . _ - / only, a letter or digit first, no ..")


def _once(ids: list[str]) -> None:
    for id in ids:
        _id(id)
        if ids.count(id) > 1:
            raise ConfigError(f"{id!r} stands twice; ids are used once")


def _exists(root: Path, name: str) -> None:
    path = root / name
    if not path.resolve().is_relative_to(root.resolve()):
        raise ConfigError(f"{name} leads out of {root}; everything a suite needs lies in its folder")
    if not path.is_file():
        raise ConfigError(f"no file {path}")


def _files(scenario: Scenario) -> Iterator[tuple[Place, str]]:
    tools = scenario.tools
    if tools.state is not None and tools.state.file is not None:
        yield ("tools", "state", "file"), tools.state.file
    if tools.annotations is not None:
        yield ("tools", "annotations"), tools.annotations
    if tools.cassette is not None and tools.mode == "cassette":
        yield ("tools", "cassette", "file"), tools.cassette.file
    if scenario.user.trace is not None:
        yield ("user", "trace"), scenario.user.trace
    for number, injection in enumerate(scenario.injections):
        if injection.payload.ref is not None:
            yield ("injections", number, "payload", "ref"), injection.payload.ref
    for number, rules in enumerate(scenario.assertions.policy or ()):
        yield ("assertions", "policy", number), rules


def _patterns(scenario: Scenario) -> Iterator[tuple[Place, str]]:
    """The expressions of expected answers, those of variants too."""
    told: list[tuple[Place, Assertions]] = [(("assertions",), scenario.assertions)]
    for number, variant in enumerate(scenario.variants):
        if variant.assertions is not None:
            told.append((("variants", number, "assertions"), variant.assertions))
    for above, assertions in told:
        for number, rule in enumerate(assertions.answer or ()):
            if rule.regex is not None:
                yield (*above, "answer", number, "regex"), rule.regex


def _arguments(value: Json, place: Place = ()) -> Iterator[tuple[Place, Json]]:
    """Every ``args`` and ``expect`` mapping, and every ``value``, in which a matcher may stand."""
    if isinstance(value, dict):
        for key, item in value.items():
            below = (*place, key)
            if key == "args" or (key == "expect" and isinstance(item, dict) and "must_not" not in item):
                yield from ((below, one) for one in (item.values() if isinstance(item, dict) else ()))
            elif key not in ("say", "facts", "state") or place[:1] == ("assertions",):
                yield from _arguments(item, below)
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _arguments(item, (*place, number))


def _matchers(expected: Json) -> None:
    for bare in _bare(expected):
        raise ConfigError(f"{{{bare}: ...}} would be an object with that key; the matcher is written ${bare}")
    check_matcher(expected)


def _bare(expected: Json) -> Iterator[str]:
    if isinstance(expected, dict):
        if len(expected) == 1 and next(iter(expected)) in _BARE:
            yield next(iter(expected))
        for key, item in expected.items():
            if key != "$eq":
                yield from _bare(item)
    elif isinstance(expected, list):
        for item in expected:
            yield from _bare(item)


def _turns(turns: Iterable[str], known: int) -> None:
    for turn in turns:
        if not turn.isdecimal() or not 1 <= int(turn) <= known:
            raise ConfigError(f"turn {turn!r}; the user has turns 1 to {known}")
