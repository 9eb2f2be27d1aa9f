"""The leaderboard's own answers, changed one argument at a time: what must still be right, and what must not.

Nothing here looks at how traceeval compares: a change counts as wrong only if the new value is none of the row's allowed
values as they are written.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from benchmarks.suites._bfcl import Called, name_of
from traceeval.model import Json

Change: TypeAlias = tuple[str, bool | None, Json]
"""(kind, still right, new value); None: people may differ."""

_NONE: Any = object()


@dataclass(frozen=True, slots=True)
class Perturbed:
    """One answer: what was done to it, whether it is still right (None: people may differ), and where."""

    kind: str
    right: bool | None
    calls: tuple[Called, ...]
    where: str


def canonical(row: Mapping[str, Any]) -> tuple[Called, ...]:
    """The answer of a row: of every argument the first allowed value; arguments that begin with "missing" are left out."""
    return tuple(
        {name_of(name): {key: _first(values) for key, values in args.items() if values and values[0] != ""}}
        for answer in row["ground_truth"]
        for name, args in answer.items()
    )


def perturbed(row: Mapping[str, Any]) -> Iterator[Perturbed]:
    """Every change of the canonical answer of a row."""
    calls = canonical(row)
    schemas = {name_of(f["name"]): f["parameters"] for f in row["functions"]}
    for number, answer in enumerate(row["ground_truth"]):
        ((_, allowed),) = answer.items()
        ((name, args),) = calls[number].items()
        schema = schemas.get(name, {})
        for key, value in args.items():
            for kind, right, new in _changes(value, allowed[key]):
                yield Perturbed(kind, right, _with(calls, number, key, new), f"{name}.{key}")
            if key in schema.get("required", ()) and "" not in allowed[key]:
                yield Perturbed("dropped required argument", False, _with(calls, number, key, _NONE), f"{name}.{key}")
        for key, rule in schema.get("properties", {}).items():
            if key not in args and key in allowed and "" in allowed[key] and "default" in rule:
                made = _with(calls, number, key, rule["default"])
                yield Perturbed("default spelled out", True, made, f"{name}.{key}")
        yield Perturbed("dropped call", False, (*calls[:number], *calls[number + 1 :]), name)
        yield Perturbed("duplicated call", False, (*calls, calls[number]), name)


def _first(values: Sequence[Json]) -> Json:
    """The first allowed value, with the first allowed value of every field of an object in it."""
    return _plain(values[0])


def _plain(value: Json) -> Json:
    if isinstance(value, dict):
        return {key: _first(v) for key, v in value.items() if isinstance(v, list) and v and v[0] != ""}
    return [_plain(item) for item in value] if isinstance(value, list) else value


def _with(calls: tuple[Called, ...], number: int, key: str, value: Json) -> tuple[Called, ...]:
    made = copy.deepcopy(calls)
    ((name, args),) = made[number].items()
    changed = {k: v for k, v in args.items() if k != key} | ({} if value is _NONE else {key: value})
    return (*made[:number], {name: changed}, *made[number + 1 :])


def _changes(value: Json, allowed: Sequence[Json]) -> Iterator[Change]:
    """Changes of one argument; objects and lists are changed at each leaf."""
    if isinstance(value, dict):
        for key, inner in value.items():
            options = [v for one in allowed if isinstance(one, dict) for v in one.get(key, ())]
            for kind, right, new in _changes(inner, options):
                yield kind, right, {**value, key: new}
        return
    for kind, right, new in _of_list(value) if isinstance(value, list) else _of_scalar(value):
        written = [_plain(one) for one in allowed]
        if right or not any(type(new) is type(one) and new == one for one in written):
            yield kind, right, new


def _of_list(value: list[Json]) -> Iterator[Change]:
    if value != value[::-1]:
        yield "reversed list", False, value[::-1]
    if value and all(type(item) is float and item.is_integer() for item in value):
        yield "integers for a list of floats", True, [int(item) for item in value]
    for place, item in enumerate(value):
        for kind, right, new in _of_scalar(item):
            yield kind, right, [*value[:place], new, *value[place + 1 :]]


def _of_scalar(value: Json) -> Iterator[Change]:
    if isinstance(value, bool):
        yield "flipped bool", False, not value
    elif isinstance(value, int | float):
        yield from _of_number(value)
    elif isinstance(value, str):
        yield from _of_text(value)


def _of_number(value: int | float) -> Iterator[Change]:
    if isinstance(value, int):
        yield "5.0 for 5", True, float(value)
        yield "bool for int", False, bool(value)
    elif value.is_integer():
        yield "5 for 5.0", True, int(value)
    if isinstance(value, float) and value:
        yield "off by 1e-12 of it", True, value * (1 + 1e-12)
    yield "number + 1", False, value + 1
    if value < 0:
        yield "lost sign", False, -value
    if isinstance(value, float) and not value.is_integer():
        digits = repr(value).replace(".", "")
        if re.fullmatch(r"-?\d+", digits) and int(digits) != value:
            yield "dropped decimal point", False, int(digits)


_DROPS: Mapping[str, Callable[[str], str]] = {
    "dropped dots": lambda text: text.replace(".", ""),
    "dropped slashes": lambda text: text.replace("/", ""),
    "dropped operators": lambda text: re.sub(r"[*^]", "", text),
    "lost sign": lambda text: re.sub(r"^-(?=\d)", "", text),
}


def _unstopped(value: str) -> str:
    """A sentence of four words or more without its full stop; any other text as it is."""
    return value[:-1] if re.search(r"[a-z]{3}\.$", value) and len(value.split()) >= 4 else value


def _of_text(value: str) -> Iterator[Change]:
    for kind, drop in _DROPS.items():
        if drop(value) not in (value, "", _unstopped(value)):
            yield kind, False, drop(value)
    if _unstopped(value) != value:
        yield "dropped full stop of a sentence", None, _unstopped(value)
    if value:
        yield "extra word", False, f"{value} extra"
    if " " in value:
        yield "no-break space", True, value.replace(" ", "\u00a0", 1)
    if "-" in value:
        yield "typographic dash", True, value.replace("-", "–")
