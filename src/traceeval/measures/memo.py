"""Results kept by the texts they were made from, within a number of characters.

A count of entries bounds nothing here: a passage may be a line or a book, and what is made of it is many times longer.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
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
    it: two that ask for the same at once may both do the work.
    """
    half = most // 2
    modest = half - half // _SHARE

    def wrap(function: Callable[P, R]) -> Callable[P, R]:
        young: dict[tuple[Any, ...], Any] = {}
        old: dict[tuple[Any, ...], Any] = {}
        room = half

        @wraps(function)
        def known(*texts: P.args, **no: P.kwargs) -> R:
            nonlocal young, old, room
            found = young.get(texts, _NOTHING)
            if found is not _NOTHING:
                return found  # type: ignore[no-any-return]
            found = old.get(texts, _NOTHING)
            if found is _NOTHING:
                found = function(*texts, **no)
            size = sum(map(len, texts))  # type: ignore[arg-type]
            if size <= most:
                if size > room:
                    young, old, room = {}, young, half
                young[texts] = found
                room -= size
            return found  # type: ignore[no-any-return]

        def close() -> None:
            nonlocal young, old, room
            if room < modest:
                young, old, room = {}, young, half

        _turns.append(close)
        return known

    return wrap
