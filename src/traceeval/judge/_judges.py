"""What a run opens to ask models: one event loop in a thread, the cache, the budget, an endpoint per model."""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import Coroutine
from concurrent.futures import Future
from types import TracebackType
from typing import Any, TypeVar

from traceeval.judge._budget import Budget
from traceeval.judge._cache import Cache
from traceeval.judge._endpoint import Endpoint, JudgeSettings

T = TypeVar("T")

AT_WORK = 2  # times the concurrency: asks prepared or under way
SWITCH = 0.0005  # seconds; with Python's 5 ms, replies wait behind whatever the main thread computes meanwhile


class Judges:
    """A context manager. Nothing is opened before it is needed: no thread, no file, no client."""

    def __init__(self, settings: JudgeSettings | None = None) -> None:
        self.settings = settings or JudgeSettings()
        self.budget = Budget(dict(self.settings.prices), self.settings.max_calls, self.settings.max_usd)
        self._places = asyncio.Semaphore(AT_WORK * self.settings.concurrency)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._switch = sys.getswitchinterval()
        self._cache: Cache | None = None
        self._endpoints: dict[tuple[str, str], Endpoint] = {}

    def __enter__(self) -> Judges:
        """Nothing to do yet."""
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, at: TracebackType | None) -> None:
        """Stop asking, close everything."""
        self.close()

    @property
    def endpoints(self) -> tuple[Endpoint, ...]:
        """Those in use."""
        return tuple(self._endpoints.values())

    def endpoint(self, model: str, base_url: str) -> Endpoint:
        """The endpoint of a model; the same one for the same model and address.

        Raises:
            ConfigError: no key for the hosted endpoint, an unknown price under a budget, an unwritable cache.
        """
        found = self._endpoints.get((model, base_url))
        if found is None:
            from traceeval.judge.backends.openai import OpenAIBackend

            self.budget.admit(model)
            made = OpenAIBackend(
                model=model, base_url=base_url, timeout=self.settings.timeout, key_env=self.settings.key_env
            )
            self._cache = self._cache or Cache(self.settings.cache)
            found = Endpoint(
                made, model=model, base_url=base_url, settings=self.settings, cache=self._cache, budget=self.budget
            )
            self._endpoints[model, base_url] = found
        return found

    def submit(self, work: Coroutine[Any, Any, T]) -> Future[T]:
        """Run a coroutine on the loop, a bounded number of them at a time; the caller goes on."""
        return self._run(self._in_turn(work))

    async def _in_turn(self, work: Coroutine[Any, Any, T]) -> T:
        """Preparing now what cannot leave yet would keep the loop from what comes in."""
        try:
            async with self._places:
                return await work
        finally:
            work.close()

    def _run(self, work: Coroutine[Any, Any, T]) -> Future[T]:
        if self._loop is None:
            self._switch = sys.getswitchinterval()
            sys.setswitchinterval(min(self._switch, SWITCH))
            self._loop = asyncio.new_event_loop()
            self._thread = threading.Thread(target=self._loop.run_forever, name="traceeval-judges", daemon=True)
            self._thread.start()
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    def close(self) -> None:
        """Cancel what is under way, close clients and cache."""
        if self._loop is not None and self._thread is not None:
            self._run(self._stop()).result()
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
            self._loop.close()
            sys.setswitchinterval(self._switch)
            self._loop = self._thread = None
        if self._cache is not None:
            self._cache.close()
            self._cache = None

    async def _stop(self) -> None:
        mine = asyncio.current_task()
        open_ = [task for task in asyncio.all_tasks() if task is not mine]
        for task in open_:
            task.cancel()
        await asyncio.gather(*open_, return_exceptions=True)
        for endpoint in self._endpoints.values():
            await endpoint.close()
        await asyncio.get_running_loop().shutdown_default_executor()
