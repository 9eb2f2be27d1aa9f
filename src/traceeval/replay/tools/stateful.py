"""Mocks over a JSON state: what was written is read back. Each trial has its own copy."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable
from typing import Any, TypeAlias

import msgspec

from traceeval.model import Json, ToolRequest
from traceeval.replay._clock import Clock
from traceeval.replay._events import ToolResult
from traceeval.replay.tools._functions import Functions

Build: TypeAlias = Callable[[Json, Clock, random.Random], Any]
"""``build(state, clock, rng)``: the tools, as a mapping or a list of functions that read and change ``state``."""


class Stateful:
    """Tools over a state. ``version`` counts the successful calls that changed it; ``state`` is what it is now."""

    def __init__(self, build: Build, state: Json, clock: Clock, rng: random.Random, *, remember: bool = False) -> None:
        self.state = state
        self.version = 0
        self._build, self._clock, self._rng = build, clock, rng
        self._functions = Functions(build(state, clock, rng))
        self._digest = msgspec.msgpack.encode(state)
        self._writing: str | None = None
        self._known = [copy.deepcopy(state)] if remember else None

    @property
    def offers(self) -> Any:
        """The tools."""
        return self._functions.offers

    @property
    def running(self) -> str | None:
        """The mock that broke, or left a state that is no JSON, if one did."""
        return self._functions.running or self._writing

    def call(self, request: ToolRequest, span: str) -> ToolResult:
        """Answer a call; one that fails leaves the state as it was."""
        before = self._digest
        result = self._functions.call(request, span)
        self._writing = request.name
        after = msgspec.msgpack.encode(self.state)
        self._writing = None
        if after == before:
            return result
        if not result.ok:
            self._restore(msgspec.msgpack.decode(before))
            return result
        self._digest = after
        self.version += 1
        if self._known is not None:
            self._known.append(copy.deepcopy(self.state))
        return result

    def call_at(self, request: ToolRequest, version: int, span: str) -> ToolResult:
        """What the call would have brought back at an earlier version, counted back from now; nothing changes."""
        known = self._known or [self.state]
        then = copy.deepcopy(known[max(0, len(known) - 1 + version)])
        return Functions(self._build(then, self._clock, self._rng)).call(request, span)

    def _restore(self, state: Json) -> None:
        """In place: the mocks hold the very object."""
        self.state.clear()
        self.state.update(state) if isinstance(state, dict) else self.state.extend(state)
