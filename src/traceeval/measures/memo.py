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


def remembered(most: int) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Keep the results of a pure function of texts while their arguments have ``most`` characters together.

    What is kept has two generations of half as many characters: when the young one is full, the old one goes, and what
    was asked for again is young again. So keeping costs no more than looking up. A text longer than half of ``most`` is a
    generation of its own, one longer than ``most`` is never kept. Threads may share it: two that ask for the same at once
    may both do the work.
    """
    half = most // 2

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

        return known

    return wrap
