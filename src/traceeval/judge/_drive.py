"""Runs whatever asks. Scorers and checkers yield questions; these two drivers are the only twins of sync and async."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Generator
from concurrent.futures import Future
from typing import Protocol, TypeVar, runtime_checkable

from traceeval.judge._ask import Ask, Reader
from traceeval.model import Checked

T = TypeVar("T")
Q = TypeVar("Q")
A = TypeVar("A")


@runtime_checkable
class Begins(Protocol):
    """A reader whose answer may take a while: it begins, and the caller goes on."""

    def begin(self, ask: Ask) -> Future[Checked]:
        """The answer to come."""
        ...


class Desk:
    """Answers Asks with one reader and remembers the last ``keep`` answers. The same Ask is answered once."""

    def __init__(self, checker: Reader, *, keep: int = 64) -> None:
        self.checker = checker
        self.keep = keep
        self._seen: dict[Ask, Checked] = {}
        self._begun: dict[Ask, Future[Checked]] = {}
        self._last: tuple[Ask, Checked] | None = None

    def expect(self, ask: Ask) -> None:
        """This will be asked soon: begin now, if that helps. The caller bounds how many are expected at a time."""
        if isinstance(self.checker, Begins) and ask not in self._begun:
            self._begun[ask] = self.checker.begin(ask)

    def answer(self, ask: Ask) -> Checked:
        """The reader's answer, remembered."""
        if self._last is not None and self._last[0] == ask:  # several scorers ask one thing, and hashing it costs more
            return self._last[1]
        found = self._seen.get(ask)
        if found is None:
            begun = self._begun.pop(ask, None)
            found = begun.result() if begun is not None else self.checker.check(ask)
            if len(self._seen) >= self.keep:
                self._seen.pop(next(iter(self._seen)))
            self._seen[ask] = found
        self._last = (ask, found)
        return found


def drive(asking: Generator[Ask, Checked, T], desk: Desk) -> T:
    """Feed a scorer's questions to the desk until it returns."""
    try:
        ask = next(asking)
        while True:
            ask = asking.send(desk.answer(ask))
    except StopIteration as done:
        return done.value  # type: ignore[no-any-return]


async def adrive(asking: Generator[Q, A, T], answer: Callable[[Q], Awaitable[A]]) -> T:
    """The same where answers are awaited: checkers ask models this way."""
    try:
        question = next(asking)
        while True:
            question = asking.send(await answer(question))
    except StopIteration as done:
        return done.value  # type: ignore[no-any-return]
