"""Runs a scorer that asks. The same Ask is answered once: five scores about one answer cost one check."""

from __future__ import annotations

from collections.abc import Generator
from typing import TypeVar

from traceeval.judge._ask import Ask, Checker
from traceeval.model import Checked

T = TypeVar("T")


class Desk:
    """Answers Asks with one checker and remembers the last ``keep`` answers."""

    def __init__(self, checker: Checker, *, keep: int = 8) -> None:
        self.checker = checker
        self.keep = keep
        self._seen: dict[Ask, Checked] = {}

    def answer(self, ask: Ask) -> Checked:
        """The checker's answer, remembered."""
        found = self._seen.get(ask)
        if found is None:
            found = self.checker.check(ask)
            if len(self._seen) >= self.keep:
                self._seen.pop(next(iter(self._seen)))
            self._seen[ask] = found
        return found


def drive(asking: Generator[Ask, Checked, T], desk: Desk) -> T:
    """Feed a scorer's questions to the desk until it returns."""
    try:
        ask = next(asking)
        while True:
            ask = asking.send(desk.answer(ask))
    except StopIteration as done:
        return done.value  # type: ignore[no-any-return]
