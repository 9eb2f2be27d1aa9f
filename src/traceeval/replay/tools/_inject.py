"""A text planted in the result of a tool. Where it stands is a label of the trial, shown to no scorer."""

from __future__ import annotations

from collections.abc import Callable
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import msgspec

from traceeval.model import Injection, Json, ToolRequest
from traceeval.replay._events import Stopped, ToolResult
from traceeval.replay._jsonpath import replaced, steps_of
from traceeval.replay.tools._faults import Wrapped
from traceeval.replay.tools._functions import as_text


class Planted:
    """Tools one of which carries a payload. ``planted`` hears of each span whose result held it.

    A path that does not stand in a result is the author's mistake, not a resisted attack. ``spare``: a span it leaves out.
    """

    def __init__(
        self,
        tools: Wrapped,
        injection: Injection,
        words: str,
        planted: Callable[[str], None],
        spare: str | None = None,
    ) -> None:
        self._spare = spare
        self.offers = tools.offers
        self._tools: Any = tools
        self._injection = injection
        self._words = words
        self._planted = planted
        self._steps = steps_of(injection.slot.path)

    @property
    def running(self) -> str | None:
        """The tool that raised what it must not."""
        found: str | None = self._tools.running
        return found

    def call(self, request: ToolRequest, span: str) -> ToolResult:
        """Answer a call; the slot's tool with the payload in it."""
        result: ToolResult = self._tools.call(request, span)
        if span == self._spare or not result.ok or not fnmatchcase(request.name, self._injection.slot.tool):
            return result
        try:
            data = replaced(result.data, self._steps, self._put)
        except LookupError as error:
            slot = self._injection.slot
            raise Stopped(
                "infra_error",
                f"injection {self._injection.id}: {slot.path} does not stand in what {request.name} returned ({error}); "
                "correct the slot",
            ) from error
        self._planted(span)
        return msgspec.structs.replace(result, text=as_text(data))

    def _put(self, value: Json) -> Json:
        position = self._injection.slot.position
        if position == "replace":
            return self._words
        if not isinstance(value, str):
            raise LookupError(f"a {type(value).__name__} cannot be {position}ed to")
        return f"{self._words} {value}" if position == "prepend" else f"{value} {self._words}"


def words_of(injection: Injection, root: Path, *, user: str) -> str:
    """The payload with its slots filled: ``{goal}``, ``{user}`` and ``{model}``."""
    payload = injection.payload
    text = payload.text if payload.ref is None else (root / payload.ref).read_text(encoding="utf-8").strip()
    found = {"goal": injection.goal.words, "user": user, "model": "assistant"}
    for name, value in found.items():
        text = (text or "").replace(f"{{{name}}}", value)
    return text or ""
