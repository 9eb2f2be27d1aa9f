"""One normaliser of attribute maps for all dialects: flattened, nested or mixed keys, JSON in strings, cut texts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any, TypeAlias

from traceeval.adapters._json import unwrap
from traceeval.model import Json

Flat: TypeAlias = Mapping[str, Any]
_INDEX = re.compile(r"^(.*?)\.(\d+)(?:\.(.+))?$")
_MAX_NESTING = 50


class Attributes:
    """The attributes of one span. Scalars by dotted key; lists by the key in front of their index."""

    def __init__(self, values: Flat, nested: tuple[str, ...] = ()) -> None:
        self.flat = flatten(values, nested) if nested else values

    def get(self, *keys: str) -> Any:
        """The first of these keys that is there, as it was recorded."""
        for key in keys:
            value = self.flat.get(key)
            if value is not None:
                return value
        return None

    def text(self, *keys: str) -> str | None:
        """The first of these keys that holds a non-empty string or a number, as text."""
        for key in keys:
            value = self.flat.get(key)
            if isinstance(value, str | int | float) and not isinstance(value, bool) and value != "":
                return str(value)
        return None

    def number(self, *keys: str) -> int | None:
        """The first of these keys that holds a whole number that is not negative."""
        for key in keys:
            value = self.flat.get(key)
            if isinstance(value, float) and value.is_integer():
                value = int(value)
            if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
                return value
        return None

    def real(self, *keys: str) -> float | None:
        """The first of these keys that holds a finite number."""
        for key in keys:
            value = self.flat.get(key)
            if isinstance(value, int | float) and not isinstance(value, bool):
                return float(value)
        return None

    def json(self, *keys: str) -> Json:
        """The first of these keys, decoded where it is JSON in a string."""
        return unwrap(self.get(*keys))

    def items(self, key: str) -> list[Attributes]:
        """The elements of ``key.0…``, ``key.1…`` in numeric order, gaps closed."""
        found = self._lists.get(key, {})
        return [Attributes(found[index]) for index in sorted(found)]

    def has(self, *prefixes: str) -> bool:
        """Whether some key begins with one of these."""
        return any(key.startswith(prefixes) for key in self.flat)

    @cached_property
    def _lists(self) -> dict[str, dict[int, dict[str, Any]]]:
        lists: dict[str, dict[int, dict[str, Any]]] = {}
        for key, value in self.flat.items():
            match = _INDEX.match(key)
            if match and len(match[2]) < 10:
                lists.setdefault(match[1], {}).setdefault(int(match[2]), {})[match[3] or ""] = value
        return lists


def flatten(values: Flat, roots: tuple[str, ...]) -> dict[str, Any]:
    """The same map with the objects and lists below these roots spread over dotted keys."""
    flat: dict[str, Any] = {}
    for key, value in values.items():
        if isinstance(value, dict | list) and key.startswith(roots):
            _spread(key, value, flat, 0)
        else:
            flat[key] = value
    return flat


def _spread(key: str, value: Json, flat: dict[str, Any], depth: int) -> None:
    inner: Iterable[tuple[object, Json]] = ()
    if isinstance(value, dict):
        inner = value.items()
    elif isinstance(value, list) and any(isinstance(item, dict) for item in value):
        inner = enumerate(value)
    if not inner or depth > _MAX_NESTING:
        flat[key] = value
        return
    for part, item in inner:
        _spread(f"{key}.{part}", item, flat, depth + 1)
