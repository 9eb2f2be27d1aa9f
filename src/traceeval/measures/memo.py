"""Results kept by the texts they were made from, within a number of characters.

A count of entries bounds nothing here: a passage may be a line or a book, and what is made of it is many times longer.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from functools import wraps
from threading import Lock
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")
_NOTHING = object()


def remembered(most: int) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Keep the results of a pure function of texts while their arguments have ``most`` characters together.

    The oldest goes first; a text longer than ``most`` is never kept.
    """

    def wrap(function: Callable[P, R]) -> Callable[P, R]:
        kept: OrderedDict[tuple[Any, ...], Any] = OrderedDict()  # a dict looks for its first key ever longer
        held, lock = 0, Lock()

        def keep(texts: tuple[Any, ...], result: object) -> None:
            nonlocal held
            size = sum(map(len, texts))
            with lock:
                if size > most or texts in kept:
                    return
                kept[texts] = result
                held += size
                while held > most:
                    oldest, _ = kept.popitem(last=False)
                    held -= sum(map(len, oldest))

        @wraps(function)
        def known(*texts: P.args, **no: P.kwargs) -> R:
            found = kept.get(texts, _NOTHING)
            if found is not _NOTHING:
                return found  # type: ignore[no-any-return]
            result = function(*texts, **no)
            keep(texts, result)
            return result

        return known

    return wrap
