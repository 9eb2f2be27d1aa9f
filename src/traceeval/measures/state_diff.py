"""Where two JSON values differ, by path: what an agent left behind against what it should have (trajectories.md 7.4).

Values are equal as argument values are: numbers by value, text after folding, days and instants as such. Records of a
list that all have an ``id`` of their own are compared by it, wherever they stand; other lists place by place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from traceeval.measures.matchers import match, matcher_of, may_be_missing
from traceeval.model import Json


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. ``added``: nobody expected it; ``removed``: it was expected and is not there."""

    path: str
    kind: Literal["added", "removed", "changed"]
    actual: Json = None
    expected: Json = None


def differences(actual: Json, expected: Json, ignore: Sequence[str] = ()) -> Iterator[Change]:
    """Every path at which the actual value is not what was expected, which may hold matchers.

    ``ignore``: paths that do not count, ``*`` for any one step (``orders.*.updated_at``), with all that is below them.
    """
    skipped = re.compile("|".join(_pattern(path) for path in ignore) or "(?!)")
    waiting: list[tuple[str, Json, Json]] = [("", actual, expected)]
    while waiting:
        path, mine, want = waiting.pop()
        for below, left, right in _apart(path, mine, want):
            if skipped.fullmatch(below) or (left is _NONE and may_be_missing(right)):
                continue
            if left is _NONE:
                yield Change(below, "removed", expected=right)
            elif right is _NONE:
                yield Change(below, "added", actual=left)
            elif _can_be_taken_apart(left, right):
                waiting.append((below, left, right))
            elif match(left, right) != "equal":
                yield Change(below, "changed", left, right)


_NONE: Any = object()


def _apart(path: str, mine: Json, want: Json) -> Iterator[tuple[str, Any, Any]]:
    """The parts of two values side by side; two values that have none are one part."""
    if not _can_be_taken_apart(mine, want):
        yield path or "$", mine, want
        return
    left, right = _parts(mine, want)
    for key in dict.fromkeys((*right, *left)):
        yield f"{path}.{key}" if path else str(key), left.get(key, _NONE), right.get(key, _NONE)


def _can_be_taken_apart(mine: Json, want: Json) -> bool:
    if matcher_of(want) is not None:
        return False
    return any(isinstance(mine, kind) and isinstance(want, kind) for kind in (dict, list))


def _parts(mine: Json, want: Json) -> tuple[Mapping[Any, Json], Mapping[Any, Json]]:
    """Two objects, or two lists by the ids of their records, by place where there are none."""
    if isinstance(mine, dict):
        return mine, want
    left, right = _by_id(mine), _by_id(want)
    if left is None or right is None:
        return _by_place(mine), _by_place(want)
    return left, right


def _by_id(records: Sequence[Json]) -> Mapping[str, Json] | None:
    ids = [item.get("id") if isinstance(item, dict) else None for item in records]
    if not all(isinstance(one, str | int) for one in ids) or len(set(map(str, ids))) < len(ids):
        return None
    return {f"[{one}]": item for one, item in zip(ids, records, strict=True)}


def _by_place(items: Sequence[Json]) -> Mapping[str, Json]:
    return {str(place): item for place, item in enumerate(items)}


def _pattern(path: str) -> str:
    return r"\.".join(r"[^.]*" if step == "*" else re.escape(step) for step in path.split("."))
