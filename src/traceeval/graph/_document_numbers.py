"""How the prompt marks the documents it holds: ``[1]``, ``Document 2:``, ``<document index="3">`` before their text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from traceeval.graph._packing import Packed

_BEFORE, _BESIDE = 160, 2
_LABEL = re.compile(
    r"\[(?P<brackets>\d{1,3})\]"
    r"|\b(?:document|doc|source|passage|context|chunk|result|reference|excerpt|snippet|article)s?\s*(?:no\.?|#|nr\.?|index=\"|id=\")?\s*"
    r"(?P<word>\d{1,3})\b"
    r"|(?:^|\s)(?P<bare>\d{1,3})[.):](?=\s)",
    re.IGNORECASE,
)

_MAYBE = re.compile(r"(?:^|[\[\s#.\"a-z])\d{1,3}(?!\d)", re.IGNORECASE)  # no label is without one: a cheap look


def document_numbers(packed: Sequence[Packed], prompt: str) -> tuple[str | None, ...]:
    """The number the prompt gives each document, in prompt order; all None where it numbers none, or not in order."""
    found: list[str | None] = []
    end = 0
    for one in packed:
        found.append(_last(prompt[max(end, one.start - _BEFORE, 0) : one.start]))
        end = max(end, one.end)
    numbers = [int(label) for label in found if label is not None]
    if numbers != sorted(set(numbers)):
        return (None,) * len(packed)
    return tuple(found)


def _last(window: str) -> str | None:
    """The last number before a text that can be its mark: a bare one has to stand right before it."""
    label = None
    for match in _LABEL.finditer(window) if _MAYBE.search(window) else ():
        if not match["bare"] or len(window) - match.end() <= _BESIDE:
            label = match["brackets"] or match["word"] or match["bare"]
    return label
