"""Expected values as matchers: a plain value is ``eq``; an object with one ``$`` key is a matcher (metrics.md section 7.1).

Matchers stand at any depth of an expected value. They are written by people (``check`` says what is wrong with one) and
applied to what a trace holds, which is never trusted: no value of a trace raises here.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from traceeval.errors import ConfigError
from traceeval.measures.assignment import injective
from traceeval.measures.patterns import check_pattern, found_in
from traceeval.measures.values import Relation, instant, relation
from traceeval.model import Json

_MOST = 10_000
_NEVER: Json = {"$any": []}


def match(actual: Json, expected: Json, role: str = "resource") -> Relation:
    """How a value relates to what was expected; matchers answer ``equal`` or ``different``.

    Raises:
        ConfigError: for a matcher we do not know.
    """
    name = matcher_of(expected)
    if name is not None:
        return "equal" if _rule(name)(actual, expected[name], role) else "different"
    if not _holds_matcher(expected):
        return relation(actual, expected, role)
    nested = _fields if isinstance(expected, dict) else _items
    return "equal" if nested(actual, expected, role) else "different"


def may_be_missing(expected: Json) -> bool:
    """Whether the value may be absent altogether: ``optional``, ``ignore``, or an alternative that is one of them."""
    name = matcher_of(expected)
    if name in ("$optional", "$ignore"):
        return True
    return name in ("$any", "$one_of") and any(may_be_missing(one) for one in expected[name])


def references(expected: Json) -> Iterator[str]:
    """What every ``$ref`` in an expected value names: ``milestone.result.path``."""
    if matcher_of(expected) == "$ref":
        yield str(expected["$ref"])
    elif isinstance(expected, dict):
        for value in expected.values():
            yield from references(value)
    elif isinstance(expected, list | tuple):
        for value in expected:
            yield from references(value)


def bind(expected: Json, known: Mapping[str, Json]) -> Json:
    """The expected value with every ``$ref`` replaced by what it names; what is not known equals nothing."""
    if matcher_of(expected) == "$ref":
        name = str(expected["$ref"])
        return {"$eq": known[name]} if name in known else _NEVER
    if isinstance(expected, dict):
        return {key: bind(value, known) for key, value in expected.items()}
    if isinstance(expected, list | tuple):
        return [bind(value, known) for value in expected]
    return expected


def check(expected: Json) -> None:
    """Look at how an expected value is written, before a trace is held against it.

    Raises:
        ConfigError: for a matcher we do not know, or one that is not of its form, with the form.
    """
    name = matcher_of(expected)
    if name is not None:
        _rule(name)
        fits, form = _FORMS[name]
        if not fits(expected[name]):
            raise ConfigError(f"matcher {name}: {expected[name]!r} is not of its form; write {{{name!r}: {form}}}")
    if name == "$regex":
        check_pattern(expected[name])
    inner = expected.values() if isinstance(expected, dict) else expected if isinstance(expected, list | tuple) else ()
    for value in () if name in ("$eq", "$ref", "$ignore", "$num") else inner:
        check(value)


def matcher_of(expected: Json) -> str | None:
    """The name of the matcher a value is, with its ``$``; None for a plain value."""
    if isinstance(expected, dict) and len(expected) == 1:
        key = next(iter(expected))
        return key if isinstance(key, str) and key.startswith("$") else None
    return None


def _rule(name: str) -> Callable[[Json, Any, str], bool]:
    rule = _RULES.get(name)
    if rule is None:
        raise ConfigError(f"matcher {name!r} is unknown; known: {', '.join(sorted(_RULES))}")
    return rule


def _holds_matcher(expected: Json) -> bool:
    if matcher_of(expected):
        return True
    inner = expected.values() if isinstance(expected, dict) else expected if isinstance(expected, list | tuple) else ()
    return any(_holds_matcher(value) for value in inner)


def _same(actual: Json, expected: Json, role: str) -> bool:
    return match(actual, expected, role) == "equal"


def _fields(actual: Json, expected: Mapping[str, Json], role: str, *, more: bool = False) -> bool:
    """Every field as expected, and no other unless ``more``."""
    if not isinstance(actual, dict) or not (more or actual.keys() <= expected.keys()):
        return False
    return all(
        _same(actual[key], value, role) if key in actual else may_be_missing(value) for key, value in expected.items()
    )


def _items(actual: Json, expected: Sequence[Json], role: str) -> bool:
    if not isinstance(actual, list | tuple) or len(actual) != len(expected):
        return False
    return all(_same(mine, want, role) for mine, want in zip(actual, expected, strict=True))


def _set(actual: Json, rule: Sequence[Json], role: str) -> bool:
    return isinstance(actual, list | tuple) and len(actual) == len(rule) and _subset(actual, rule, role)


def _subset(actual: Json, rule: Any, role: str) -> bool:
    """Everything listed is there, each in a place of its own; an object needs its listed fields."""
    if isinstance(rule, dict):
        return _fields(actual, rule, role, more=True)
    if not isinstance(actual, list | tuple) or len(actual) < len(rule):
        return False
    edges = [[place for place, item in enumerate(actual) if _same(item, want, role)] for want in rule]
    return len(injective(edges)) == len(rule)


def _number(actual: Json, rule: Any, role: str) -> bool:
    if not _is_number(actual):
        return False
    told = rule if isinstance(rule, dict) else {"value": rule}
    try:
        return math.isclose(actual, told["value"], rel_tol=told.get("rel", 1e-9), abs_tol=told.get("abs", 0.0))
    except OverflowError:
        return bool(actual == told["value"])


def _date(actual: Json, rule: Any, role: str) -> bool:
    return isinstance(actual, str) and (mine := instant(actual)) is not None and mine == instant(rule)


def _regex(actual: Json, rule: Any, role: str) -> bool:
    return isinstance(actual, str) and len(actual) <= _MOST and found_in(_whole(rule), actual)


def _whole(pattern: str) -> str:
    """The same of a whole text."""
    return rf"\A(?:{pattern})\z"


_RULES: dict[str, Callable[[Json, Any, str], bool]] = {
    "$eq": lambda a, rule, role: relation(a, rule, role) == "equal",
    "$one_of": lambda a, rule, role: any(_same(a, one, role) for one in rule),
    "$regex": _regex,
    "$num": _number,
    "$date": _date,
    "$set": _set,
    "$seq": _items,
    "$subset": _subset,
    "$all": lambda a, rule, role: all(_same(a, one, role) for one in rule),
    "$any": lambda a, rule, role: any(_same(a, one, role) for one in rule),
    "$not": lambda a, rule, role: not _same(a, rule, role),
    "$ignore": lambda a, rule, role: True,
    "$optional": lambda a, rule, role: _same(a, rule, role),
    "$ref": lambda a, rule, role: False,
}


MATCHERS = frozenset(_RULES)
"""Every matcher, with its ``$``."""


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_list(value: Any) -> bool:
    return isinstance(value, list | tuple)


def _is_tolerance(rule: Any) -> bool:
    if not isinstance(rule, dict):
        return _is_number(rule)
    return "value" in rule and rule.keys() <= {"value", "rel", "abs"} and all(map(_is_number, rule.values()))


_LIST = (_is_list, "[...]")
_FORMS: dict[str, tuple[Callable[[Any], bool], str]] = {
    "$eq": (lambda rule: True, "value"),
    "$one_of": _LIST,
    "$regex": (lambda rule: isinstance(rule, str), "'pattern'"),
    "$num": (_is_tolerance, "5 or {'value': 5, 'rel': 0.01, 'abs': 0.5}"),
    "$date": (lambda rule: isinstance(rule, str) and instant(rule) is not None, "'2024-05-15' or an ISO instant"),
    "$set": _LIST,
    "$seq": _LIST,
    "$subset": (lambda rule: isinstance(rule, list | tuple | dict), "[...] or {...}"),
    "$all": _LIST,
    "$any": _LIST,
    "$not": (lambda rule: True, "value"),
    "$ignore": (lambda rule: True, "true"),
    "$optional": (lambda rule: True, "value"),
    "$ref": (
        lambda rule: isinstance(rule, str) and bool(re.fullmatch(r"\$?[^.]+\.result(\..+)?", rule)),
        "'id of an expected call.result.path'",
    ),
}
