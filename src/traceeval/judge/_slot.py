"""A place among the requests an endpoint may have at a time: taken when one leaves, given back when its answer comes."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

TURNS = 4  # of the loop: what a request that waited needs to be written


class NotSent(Exception):
    """A request did not leave after all; ``str`` says why."""


class Slot:
    """Of one attempt. A client takes it as the last thing before it writes, so that what it builds costs no place."""

    def __init__(self, limit: asyncio.Semaphore, ready: Callable[[], Awaitable[str]]) -> None:
        """``ready`` is asked once, when there is a place: why the request must not leave, or nothing."""
        self._limit = limit
        self._ready: Callable[[], Awaitable[str]] | None = ready
        self._held = False

    async def take(self) -> None:
        """Wait for a place; a redirected request takes one again.

        Raises:
            NotSent: it must not leave.
        """
        if self._held:
            return
        await self._limit.acquire()
        self._held = True
        ready, self._ready = self._ready, None
        why = await ready() if ready is not None else ""
        if why:
            self.give()
            raise NotSent(why)

    def give(self) -> None:
        """Let the next one in; nothing where none is held."""
        if self._held:
            self._held = False
            self._limit.release()

    async def hand_over(self) -> None:
        """Give it back and let the next one leave before this answer is read: meanwhile the place would stand empty."""
        self.give()
        for _ in range(TURNS):
            await asyncio.sleep(0)
