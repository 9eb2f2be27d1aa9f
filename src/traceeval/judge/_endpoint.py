"""One model behind one address: limits, retries, cache and budget around a backend that only sends."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol

from traceeval.errors import ProviderError
from traceeval.judge._bucket import Bucket
from traceeval.judge._budget import Budget
from traceeval.judge._cache import Cache
from traceeval.judge._request import Reply, Request
from traceeval.judge._slot import NotSent, Slot

BACKOFF_MOST = 30.0
GIVE_UP_AFTER = 3
ADMITTED = 4
_BUDGET, _DOWN = "budget", "down"


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgeSettings:
    """How models may be asked. Values only: it travels and prints, so ``key_env`` is a name and never a key.

    ``cache``: SQLite file, None for none beyond the run. ``per_minute``: requests, per endpoint. ``tries``: attempts
    at a request the server refuses for now; ``backoff``: seconds before the second, doubled each time.
    """

    cache: str | None = None
    concurrency: int = 8
    per_minute: int | None = None
    max_calls: int | None = None
    max_usd: float | None = None
    prices: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    timeout: float = 60.0
    tries: int = 10
    backoff: float = 0.5
    key_env: str = "OPENAI_API_KEY"


class Backend(Protocol):
    """The one place that talks to a model."""

    async def send(self, request: Request, slot: Slot) -> Reply:
        """One attempt: it takes the slot before it writes, and may give it back once the answer comes.

        Raises:
            ProviderError: it did not work; ``retry`` says whether trying again may help.
            NotSent: the slot said no.
        """
        ...

    async def close(self) -> None:
        """Let connections go."""
        ...


class Endpoint:
    """Answers Requests, many at a time. After ``GIVE_UP_AFTER`` requests in a row that failed to the end it is down."""

    def __init__(
        self, backend: Backend, *, model: str, base_url: str, settings: JudgeSettings, cache: Cache, budget: Budget
    ) -> None:
        self.model = model
        self.base_url = base_url
        self.down = ""
        self.retries = 0
        self._backend = backend
        self._settings = settings
        self._cache = cache
        self._budget = budget
        self._limit = asyncio.Semaphore(settings.concurrency)
        # Those that wait between attempts hold no slot, but they are counted: else every request of a batch would try
        # once at an endpoint that is down before the first is given up.
        self._admitted = asyncio.Semaphore(ADMITTED * settings.concurrency)
        self._bucket = Bucket(settings.per_minute, time.monotonic)
        self._asked: dict[str, asyncio.Task[Reply]] = {}
        self._failed: dict[str, Reply] = {}
        self._lost = 0

    async def answer(self, requests: Sequence[Request]) -> tuple[Reply, ...]:
        """Replies in the order of the requests."""
        return tuple(await asyncio.gather(*(self._one(request) for request in requests)))

    async def close(self) -> None:
        """Let connections go."""
        await self._backend.close()

    async def _one(self, request: Request) -> Reply:
        key = request.key(self.model, self.base_url)
        known = self._failed.get(key) or self._cache.get(key)
        if known is not None:
            return known
        task = self._asked.get(key)
        if task is None:
            task = self._asked[key] = asyncio.ensure_future(self._ask(request))
            try:
                self._keep(key, request, await task)
            finally:
                del self._asked[key]
        return await task

    def _keep(self, key: str, request: Request, reply: Reply) -> None:
        if reply.text is None:
            self._failed[key] = reply  # asked again within the run, the answer is the same: tables and pages agree
        else:
            self._cache.put(key, self.model, request.prompt.sha, reply)

    async def _ask(self, request: Request) -> Reply:
        async with self._admitted:
            return await self._tried(request)

    async def _tried(self, request: Request) -> Reply:
        why, own = "", False
        for attempt in range(self._settings.tries):
            if self.down:
                break
            sending = _Sending(request)
            slot = Slot(self._limit, partial(self._leave, sending))
            try:
                reply = sending.reply = await self._backend.send(request, slot)
                self._lost = 0
                return reply
            except NotSent as stopped:
                if str(stopped) == _BUDGET:
                    return Reply(text=None, failed=_BUDGET)
                break
            except ProviderError as error:
                why, own, pause = str(error), error.own, self._pause(error, attempt)
            finally:
                self._done(sending, slot)
            if pause is None:
                break
            self.retries += 1
            await asyncio.sleep(pause)  # outside the limit: others use the slot meanwhile
        if self.down:
            return Reply(text=None, failed="endpoint_failed")
        self._lost += not own
        if self._lost >= GIVE_UP_AFTER and not own:
            self.down = why
        return Reply(text=None, failed="endpoint_failed")

    def _pause(self, error: ProviderError, attempt: int) -> float | None:
        """Seconds until the next attempt: what the server asked for, else doubling, with jitter; None to stop."""
        most = min(self._settings.tries, 3) if error.unreachable else self._settings.tries
        if not error.retry or attempt + 1 >= most:
            return None
        wait: float = self._settings.backoff * 2**attempt * (0.5 + random.random() / 2)
        return min(max(wait, error.after or 0.0), max(BACKOFF_MOST, error.after or 0.0))

    async def _leave(self, sending: _Sending) -> str:
        """What an attempt does when there is a place for it: why it must not leave after all, or nothing."""
        if self.down:
            return _DOWN
        await self._bucket.take()
        sending.reserved = self._budget.reserve(sending.request, self.model)
        return _BUDGET if sending.reserved is None else ""

    def _done(self, sending: _Sending, slot: Slot) -> None:
        slot.give()
        if sending.reserved is not None:
            self._budget.settle(sending.reserved, sending.reply, self.model)


@dataclass(slots=True)
class _Sending:
    """One attempt, and what of the budget it holds until its price is known."""

    request: Request
    reserved: float | None = None
    reply: Reply | None = None
