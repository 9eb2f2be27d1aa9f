"""What is asked in words that no case has, by the themes that it is of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

CHANCE, TOGETHER = 0.1, 0.35
"""Level at which it is put down to chance that a theme has no case; modularity from which there are themes."""


@dataclass(frozen=True, slots=True)
class Told:
    """``names``: of each thing the kind it stays in; or the number of kinds, and that of its theme more; -1: none.

    ``covers``: bool[ways, themes], which are of it; ``beside``: which may be; ``sure``: bool[themes], whether one of which
    none is, or may be, lacks a case. ``by_documents``: traces of which the documents that were found told the theme.
    """

    names: Any
    covers: Any
    beside: Any
    sure: Any
    by_documents: int = 0
