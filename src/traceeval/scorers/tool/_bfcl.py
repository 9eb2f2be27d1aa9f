"""The verdict the function-calling leaderboard would give, for comparing with published figures. Nothing else uses it.

Its rules as they can be observed: function by function in the listed order, each taking the first call that passes; the
name, no required parameter missing, none that is not in the schema, the declared type, a value among the allowed ones.
What it gets wrong is part of it: `` ,./-_*^`` and case do not count in strings, ``5.0`` is no integer though 5 is a
float, allowed values of objects are read one level deep, and a default that is spelled out may be refused.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from traceeval.graph import Call
from traceeval.measures.matchers import matcher_of
from traceeval.model import CallSpec, Json, ToolOffer

_DROPPED = re.compile(r"[ ,./\-_*^]")
_TYPES: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (float, int),
    "boolean": (bool,),
    "array": (list,),
    "object": (dict,),
}


def refusal(calls: Sequence[Call], specs: Sequence[CallSpec], offered: Mapping[str, ToolOffer]) -> str | None:
    """Why the leaderboard would call an answer wrong; None when it would call it right."""
    if len(calls) != len(specs):
        return f"wrong_count: {len(calls)} calls, {len(specs)} expected"
    left = list(calls)
    for spec in specs:
        why = [_refusal(call, spec, offered) for call in left]
        if None not in why:
            return why[0] if len(specs) == 1 else f"no_match: no call passes for {spec.tools[0]}"
        left.pop(why.index(None))
    return None


def _refusal(call: Call, spec: CallSpec, offered: Mapping[str, ToolOffer]) -> str | None:
    offer = offered.get(call.name)
    if call.name not in spec.tools or offer is None:
        return f"wrong_name: {call.name}"
    if not isinstance(call.arguments, dict):
        return "malformed: arguments are no object"
    schema: Any = offer.parameters or {}
    rules = schema.get("properties") or {}
    for name in schema.get("required") or ():
        if name not in call.arguments:
            return f"missing_required: {name}"
    for name, value in call.arguments.items():
        if name not in rules or name not in spec.args:
            return f"unexpected: {name}"
        if (why := _wrong(value, spec.args[name], rules[name])) is not None:
            return f"{why}: {name}"
    for name, expected in spec.args.items():
        if name not in call.arguments and not _optional(expected):
            return f"missing_optional: {name}"
    return None


def _optional(expected: Json) -> bool:
    return matcher_of(expected) == "$optional"


def _allowed(expected: Json) -> list[Json]:
    """Allowed values, an empty string among them where the argument may be missing."""
    if _optional(expected):
        return [*_allowed(expected["$optional"]), ""]
    return list(expected["$one_of"]) if matcher_of(expected) == "$one_of" else [expected]


def _wrong(value: Json, expected: Json, rule: Mapping[str, Any]) -> str | None:
    allowed = _allowed(expected)
    if not _typed(value, rule) and not any(_alike(value, one) for one in allowed if one != ""):
        return "wrong_type"
    return None if any(_equal(value, one) for one in allowed) else "wrong_value"


def _typed(value: Json, rule: Mapping[str, Any], *, inside: bool = False) -> bool:
    """Of the declared type; an integer is a number, but not inside a list."""
    kinds = _TYPES.get(rule.get("type", ""))
    if kinds is None:
        return True
    if inside and kinds == _TYPES["number"]:
        return type(value) is float
    if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
        return False
    items = rule.get("items")
    return (
        not isinstance(value, list) or not isinstance(items, dict) or all(_typed(v, items, inside=True) for v in value)
    )


def _alike(value: Json, allowed: Json) -> bool:
    """Of the type of an allowed value, item by item: answers that are not of the declared type count as they are."""
    if isinstance(value, list) and isinstance(allowed, list) and value and allowed:
        return {type(one) for one in value} == {type(one) for one in allowed}
    return type(value) is type(allowed) and not isinstance(value, list | dict)


def _equal(value: Json, allowed: Json) -> bool:
    """An object's fields each among their own allowed values, one level deep; texts without what does not count."""
    if isinstance(value, dict):
        return _object(value, allowed)
    if isinstance(value, list) and value and all(isinstance(one, dict) for one in value):
        return isinstance(allowed, list) and len(value) == len(allowed) and all(map(_object, value, allowed))
    return bool(_plain(value) == _plain(allowed))


def _object(value: Mapping[str, Json], allowed: Json) -> bool:
    """Each field among its own allowed values; fields that may be missing may."""
    if not isinstance(allowed, dict) or not value.keys() <= allowed.keys():
        return False
    if any(key not in value and not _optional(one) for key, one in allowed.items()):
        return False
    return all(_plain(one) in [_plain(want) for want in _allowed(allowed[key])] for key, one in value.items())


def _plain(value: Json) -> Json:
    """A text without what does not count, a list of such texts, anything else as it is."""
    if isinstance(value, str):
        return _DROPPED.sub("", value).lower()
    return [_plain(one) for one in value] if isinstance(value, list) else value
