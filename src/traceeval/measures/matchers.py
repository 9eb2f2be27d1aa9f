"""Expected argument values as matchers: a plain value is ``eq``; an object with one ``$`` key is a matcher."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from traceeval.errors import ConfigError
from traceeval.measures.values import Relation, instant, relation
from traceeval.model import Json

_MOST = 10_000


def match(actual: Json, expected: Json, role: str = "resource") -> Relation:
    """How a value relates to what was expected; matchers answer ``equal`` or ``different``, recursing to any depth.

    Raises:
        ConfigError: for a matcher we do not know, or one that is badly written.
    """
    name = _matcher(expected)
    if name is None:
        if isinstance(expected, dict) and isinstance(actual, dict) and _holds_matcher(expected):
            same = actual.keys() == expected.keys() and all(
                match(actual[k], expected[k], role) == "equal" for k in expected
            )
            return "equal" if same else "different"
        return relation(actual, expected, role)
    rule = _RULES.get(name)
    if rule is None:
        raise ConfigError(f"matcher {name!r} is unknown; known: {', '.join(sorted(_RULES))}")
    try:
        return "equal" if rule(actual, expected[name], role) else "different"
    except (TypeError, KeyError, AttributeError) as error:
        raise ConfigError(f"matcher {name}: {expected[name]!r} is not of its form ({error})") from error


def _matcher(expected: Json) -> str | None:
    if isinstance(expected, dict) and len(expected) == 1:
        key = next(iter(expected))
        return key if isinstance(key, str) and key.startswith("$") else None
    return None


def _holds_matcher(expected: Mapping[str, Json]) -> bool:
    return any(_matcher(value) or (isinstance(value, dict) and _holds_matcher(value)) for value in expected.values())


def _same(actual: Json, expected: Json, role: str) -> bool:
    return match(actual, expected, role) == "equal"


def _number(actual: Json, rule: Any, role: str) -> bool:
    if isinstance(actual, bool) or not isinstance(actual, int | float):
        return False
    value, rel, absolute = (
        (rule["value"], rule.get("rel", 1e-9), rule.get("abs", 0.0)) if isinstance(rule, dict) else (rule, 1e-9, 0.0)
    )
    return math.isclose(actual, value, rel_tol=rel, abs_tol=absolute)


def _date(actual: Json, rule: Any, role: str) -> bool:
    mine, theirs = instant(str(actual)), instant(str(rule))
    return mine is not None and mine == theirs


def _regex(actual: Json, rule: Any, role: str) -> bool:
    return isinstance(actual, str) and len(actual) <= _MOST and bool(_compiled(str(rule)).fullmatch(actual))


@lru_cache(maxsize=512)
def _compiled(pattern: str) -> re.Pattern[str]:
    try:
        return re.compile(pattern)
    except re.error as error:
        raise ConfigError(f"matcher $regex: {pattern!r} is no regular expression ({error})") from error


def _subset(actual: Json, rule: Any, role: str) -> bool:
    return isinstance(actual, list) and all(any(_same(item, want, role) for item in actual) for want in rule)


_RULES: dict[str, Callable[[Json, Any, str], bool]] = {
    "$eq": lambda a, rule, role: relation(a, rule, role) == "equal",
    "$one_of": lambda a, rule, role: any(_same(a, one, role) for one in rule),
    "$regex": _regex,
    "$num": _number,
    "$date": _date,
    "$set": lambda a, rule, role: relation(a, rule, role, unordered=True) == "equal",
    "$seq": lambda a, rule, role: (
        isinstance(a, list) and len(a) == len(rule) and all(_same(x, y, role) for x, y in zip(a, rule, strict=True))
    ),
    "$subset": _subset,
    "$all": lambda a, rule, role: all(_same(a, one, role) for one in rule),
    "$any": lambda a, rule, role: any(_same(a, one, role) for one in rule),
    "$not": lambda a, rule, role: not _same(a, rule, role),
    "$ignore": lambda a, rule, role: True,
}
