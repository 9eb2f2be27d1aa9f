"""What a call brought back, as data: the JSON of its result, and the records in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from traceeval.graph._call import Call
from traceeval.model import Json, text_of

_MOST = 2_000_000  # characters of a result that are still read as data
_RECORDS = 2_000
_SCALARS = frozenset({str, int, float, bool, type(None)})


class Record(msgspec.Struct, frozen=True, gc=False):
    """One JSON object of a result. ``siblings``: the list it stands in, by number; None: it stands alone.

    ``values``: its scalars by key, one level deep.
    """

    values: Mapping[str, Json]
    siblings: int | None = None


def payload(call: Call) -> Json:
    """The result of a call as data; None when there is none, or it is no JSON, or too long to be read as such."""
    text = text_of(call.result)
    if not text or len(text) > _MOST or text.lstrip()[:1] not in ("{", "["):
        return None
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError):
        return None


def records(data: Json) -> Iterator[Record]:
    """Every object of some data, outer ones first; at most two thousand."""
    waiting: list[tuple[Json, int | None]] = [(data, None)]
    lists = found = 0
    while waiting and found < _RECORDS:
        one, siblings = waiting.pop()
        if isinstance(one, dict):
            found += 1
            if _SCALARS.issuperset(map(type, one.values())):
                yield Record(one, siblings)
                continue
            yield Record({key: value for key, value in one.items() if type(value) in _SCALARS}, siblings)
            waiting.extend((value, None) for value in reversed(one.values()) if type(value) not in _SCALARS)
        elif isinstance(one, list):
            lists += 1
            waiting.extend((value, lists) for value in reversed(one) if type(value) not in _SCALARS)


def newest(calls: Sequence[Call], before: Call, key: str, value: Json) -> tuple[Call, dict[str, Json]] | None:
    """The last object with that value under that key which a successful call brought back before another was asked for.

    Objects inside lists and other objects count. None: no result before holds one.
    """
    for call in sorted(calls, key=lambda one: -one.at):
        if not call.ok or call.at >= before.asked:
            continue
        for one in _objects(payload(call)):
            if one.get(key) == value:
                return call, one
    return None


def done(calls: Sequence[Call], *names: str, before: Call | None = None) -> Iterator[tuple[Call, dict[str, Json]]]:
    """The successful calls of these tools, in order, with their arguments; those whose arguments are no object are not.

    ``before``: only those made before another was asked for.
    """
    for call in calls:
        early = before is None or call.at < before.asked
        if early and call.executed and call.ok and call.name in names and isinstance(call.arguments, dict):
            yield call, call.arguments


def last_read(calls: Sequence[Call], before: Call, tool: str, **wanted: Json) -> dict[str, Json] | None:
    """The object a tool last returned before a call was asked for, asked with these arguments among others.

    None: it was not asked so before, or brought back something else than an object.
    """
    for call in sorted(calls, key=lambda one: -one.at):
        if call.name == tool and call.ok and call.at < before.asked:
            given = call.arguments if isinstance(call.arguments, dict) else {}
            if all(given.get(key) == value for key, value in wanted.items()):
                found = payload(call)
                return found if isinstance(found, dict) else None
    return None


def _objects(data: Json) -> Iterator[dict[str, Json]]:
    waiting, found = [data], 0
    while waiting and found < _RECORDS:
        one = waiting.pop()
        if isinstance(one, dict):
            found += 1
            yield one
            waiting.extend(one.values())
        elif isinstance(one, list):
            waiting.extend(one)
