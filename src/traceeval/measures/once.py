"""Values computed when first asked for and kept by their object: ``functools.cached_property`` without its lock.

Up to Python 3.11 that one takes a lock of the whole class at every first look, which is most of what a cheap value costs.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar, overload

T = TypeVar("T")


class once(Generic[T]):  # it is written like ``property``
    """A property that is computed at the first look and then stands in the object's ``__dict__``.

    Two threads that look at once may both compute it: only for values that are equal whoever computes them.
    """

    def __init__(self, function: Callable[[Any], T]) -> None:
        self._function = function
        self.__doc__ = function.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        """Keep the value under this name: it stands in the way of this descriptor from then on."""
        self._name = name

    @overload
    def __get__(self, instance: None, owner: type) -> once[T]: ...

    @overload
    def __get__(self, instance: object, owner: type) -> T: ...

    def __get__(self, instance: object | None, owner: type) -> once[T] | T:
        """Compute and keep it; the descriptor itself when asked on the class."""
        if instance is None:
            return self
        found = instance.__dict__[self._name] = self._function(instance)
        return found
