"""Requests per minute, as a token bucket."""

from __future__ import annotations

import asyncio
from collections.abc import Callable


class Bucket:
    """Lets ``per_minute`` requests through, a tenth of them at once. None: no limit."""

    def __init__(self, per_minute: int | None, clock: Callable[[], float]) -> None:
        self.rate = per_minute / 60 if per_minute else None
        self.most = max(1.0, (per_minute or 0) / 10)
        self._clock = clock
        self._level = self.most
        self._at = clock()

    def due(self) -> float:
        """Take one token; how many seconds to wait before using it."""
        if self.rate is None:
            return 0.0
        now = self._clock()
        self._level = min(self.most, self._level + (now - self._at) * self.rate)
        self._at = now
        self._level -= 1
        return max(0.0, -self._level / self.rate)

    async def take(self) -> None:
        """Wait for a turn."""
        wait = self.due()
        if wait:
            await asyncio.sleep(wait)
