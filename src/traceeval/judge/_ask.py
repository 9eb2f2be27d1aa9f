"""Questions a scorer yields instead of asking anybody itself: no I/O in scorers, drivers do it once for all."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import Protocol, TypeAlias, TypeVar

import msgspec

from traceeval.model import Checked, Passage

T = TypeVar("T")


class Ask(msgspec.Struct, frozen=True, gc=False, cache_hash=True):
    """Check an answer against passages: split it into claims and judge each. ``question`` gives context only.

    ``system``: whose answer it is, as ``System.label`` names it; a calibration holds for one system.
    """

    answer: str
    passages: tuple[Passage, ...]
    question: str | None = None
    system: str | None = None

    @classmethod
    def supports(
        cls, answer: str, passages: Sequence[Passage], question: str | None = None, system: str | None = None
    ) -> Ask:
        """Which claims of ``answer`` do the passages support?"""
        return cls(answer, tuple(passages), question, system)


Asking: TypeAlias = Generator[Ask, Checked, T]
"""A scorer that asks: yields Asks, receives a Checked for each, returns its value."""


class Reader(Protocol):
    """Takes an answer apart and decides its claims: the embedded checker, or a cascade that begins with it.

    ``id`` names kind and version; ``can`` is what it may claim to know, e.g. ``{"edges", "contradiction"}``.
    """

    id: str
    can: frozenset[str]

    def check(self, ask: Ask) -> Checked:
        """Every claim of the answer with its verdict."""
        ...
