"""A value inside a JSON value, by its path: ``orders.A1.status`` for keys, ``items.0`` for places in a list."""

from __future__ import annotations

from typing import Any

from traceeval.model import Json

ABSENT: Any = object()
"""Nothing stands there; None would be a value."""


def value_at(value: Json, path: str) -> Any:
    """What stands at a path, ``ABSENT`` where nothing does; an empty path is the value itself.

    A key that holds dots is found whole before it is taken apart.
    """
    if not path:
        return value
    if isinstance(value, dict) and path in value:
        return value[path]
    for part in path.split("."):
        if isinstance(value, dict) and part in value:
            value = value[part]
        elif isinstance(value, list) and part.isdecimal() and int(part) < len(value):
            value = value[int(part)]
        else:
            return ABSENT
    return value
