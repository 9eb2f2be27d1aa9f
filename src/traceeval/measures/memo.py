"""Results kept by the texts they were made from, within a number of characters.

A count of entries bounds nothing here: a passage may be a line or a book, and what is made of it is many times longer.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from inspect import Parameter, signature
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")
_NOTHING = object()
_SHARE = 10
_turns: list[Callable[[], None]] = []


def turn() -> None:
    """Say that a piece of work is done: what was kept for it may grow old.

    A generation that holds a tenth of what it may is closed then. Work of many small pieces so keeps a small memory,
    which processors read several times as fast as a large one; a large piece still has all the room.
    """
    for one in _turns:
        one()


def remembered(most: int) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Keep the results of a pure function of texts while their arguments have ``most`` characters together.

    What is kept has two generations of half as many characters: when the young one is full, the old one goes, and what
    was asked for again is young again. So keeping costs no more than looking up. A text longer than half of ``most`` is a
    generation of its own, one longer than ``most`` is never kept. ``turn`` closes a generation early. Threads may share
    it: two that ask for the same at once may both do the work. Texts are given by place.
    """
    half = most // 2
    modest = half - half // _SHARE

    def wrap(function: Callable[P, R]) -> Callable[P, R]:
        young: dict[Any, Any] = {}
        old: dict[Any, Any] = {}
        room = half

        def found(key: Any, texts: tuple[Any, ...], size: int) -> Any:
            """What is not young: out of the old generation, or made."""
            nonlocal young, old, room
            result = old.get(key, _NOTHING)
            if result is _NOTHING:
                result = function(*texts)  # type: ignore[call-arg]
            if size <= most:
                if size > room:
                    young, old, room = {}, young, half
                young[key] = result
                room -= size
            return result

        def of_one(text: Any) -> Any:
            result = young.get(text, _NOTHING)
            return result if result is not _NOTHING else found(text, (text,), len(text))

        def of_many(*texts: Any) -> Any:
            result = young.get(texts, _NOTHING)
            return result if result is not _NOTHING else found(texts, texts, sum(map(len, texts)))

        def close() -> None:
            nonlocal young, old, room
            if room < modest:
                young, old, room = {}, young, half

        _turns.append(close)
        kinds = [parameter.kind for parameter in signature(function).parameters.values()]
        known = of_one if kinds == [Parameter.POSITIONAL_OR_KEYWORD] else of_many
        return wraps(function)(known)

    return wrap
