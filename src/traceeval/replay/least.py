"""The least part of a list that still does something: delta debugging (Zeller & Hildebrandt, 2002, ddmin)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

T = TypeVar("T")


def least(items: Sequence[T], still: Callable[[Sequence[T]], bool]) -> Sequence[T]:
    """A part of ``items``, in order, of which no single one can be left out. ``still`` holds of the whole; never asked of none."""
    parts = 2
    while len(items) >= 2:
        size = -(-len(items) // parts)
        cuts = [(start, start + size) for start in range(0, len(items), size)]
        smaller = next((items[a:b] for a, b in cuts if parts == 2 and still(items[a:b])), None)
        if smaller is not None:
            items, parts = smaller, 2
            continue
        others = ([*items[:a], *items[b:]] for a, b in cuts if len(cuts) > 2 or parts > 2)
        rest = next((other for other in others if other and still(other)), None)
        if rest is not None:
            items, parts = rest, max(parts - 1, 2)
        elif size == 1:
            return items
        else:
            parts = min(parts * 2, len(items))
    return items
