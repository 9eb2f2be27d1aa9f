"""``$[0].body`` and ``$.items.title``: one place in a JSON value. No filters, no wildcards: a slot is one place."""

from __future__ import annotations

import re
from typing import Any

from traceeval.errors import ConfigError
from traceeval.model import Json

_STEP = re.compile(r"\.([^.\[\]]+)|\[(\d+)\]|\['([^']+)'\]")


def steps_of(path: str) -> tuple[str | int, ...]:
    """The steps of a path from the top.

    Raises:
        ConfigError: it is not of that form.
    """
    if not re.fullmatch(rf"\$(?:{_STEP.pattern})*", path):
        raise ConfigError(f"{path!r} is no path; write $, .key, ['a key'] and [0], e.g. $[0].body")
    return tuple(int(place) if place else key or quoted for key, place, quoted in _STEP.findall(path))


def replaced(value: Json, steps: tuple[str | int, ...], change: Any) -> Json:
    """A copy of the value in which ``change`` was applied to what stands at the end of the steps.

    Raises:
        LookupError: nothing stands there.
    """
    if not steps:
        return change(value)
    first, rest = steps[0], steps[1:]
    if isinstance(value, dict) and isinstance(first, str) and first in value:
        return {**value, first: replaced(value[first], rest, change)}
    if isinstance(value, list) and isinstance(first, int) and first < len(value):
        return [*value[:first], replaced(value[first], rest, change), *value[first + 1 :]]
    raise LookupError(str(first))
