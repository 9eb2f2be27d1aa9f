"""Faults around any tools: which call they befall is decided by its name, its arguments and how often it came."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any, Protocol

import msgspec

from traceeval.errors import ConfigError
from traceeval.measures.matchers import match
from traceeval.measures.paths import ABSENT, value_at
from traceeval.model import Json, PlannedFault, ToolOffer, ToolRequest
from traceeval.model.disturbance import At, Refusal
from traceeval.replay._clock import Clock
from traceeval.replay._events import ToolResult, failed
from traceeval.replay.tools._functions import as_text


class Wrapped(Protocol):
    """Tools, and the one that broke."""

    offers: Sequence[ToolOffer]

    @property
    def running(self) -> str | None:
        """The tool that raised what it must not."""
        ...

    def call(self, request: ToolRequest, span: str) -> ToolResult:
        """Answer a call."""
        ...


class Faulty:
    """Tools that fail as planned. ``struck`` hears of each span it meets; ``spare``: one that is let off."""

    def __init__(
        self,
        tools: Wrapped,
        fault: PlannedFault,
        clock: Clock,
        struck: Callable[[str], None],
        spare: str | None = None,
    ) -> None:
        self._spare = spare
        if fault.inject.kind == "stale" and not hasattr(tools, "call_at"):
            raise ConfigError(f"fault {fault.id}: stale results need stateful tools; only they know earlier states")
        self.offers = tools.offers
        self._tools: Any = tools
        self._fault = fault
        self._clock = clock
        self._struck = struck
        self._seen = 0

    @property
    def running(self) -> str | None:
        """The tool that raised what it must not."""
        found: str | None = self._tools.running
        return found

    def call(self, request: ToolRequest, span: str) -> ToolResult:
        """Answer a call, or fail it."""
        if not selects(self._fault.at, request):
            result: ToolResult = self._tools.call(request, span)
            return result
        self._seen += 1
        due = _due(self._fault, self._seen)
        if due:
            self._struck(span)
        if due and span != self._spare:
            return self._strike(request, span)
        plain: ToolResult = self._tools.call(request, span)
        return plain

    def _strike(self, request: ToolRequest, span: str) -> ToolResult:
        kind = self._fault.inject.kind
        how: Any = getattr(self._fault.inject, kind)
        if kind == "timeout":
            return self._time_out(request, span, how.after_ms, applied=how.applied)
        if kind in _STATUS:
            return _refused(kind, how)
        if kind == "stale":
            stale: ToolResult = self._tools.call_at(request, how.version, span)
            return stale
        if kind == "latency":
            self._clock.advance(how.ms / 1000)
        result: ToolResult = self._tools.call(request, span)
        damage = _DAMAGE.get(kind)
        return msgspec.structs.replace(result, text=damage(result, how)) if damage and result.ok else result

    def _time_out(self, request: ToolRequest, span: str, ms: float, *, applied: bool) -> ToolResult:
        if applied:
            self._tools.call(request, span)
        self._clock.advance(ms / 1000)
        return failed("timeout", f"timed out: {request.name} did not answer within {ms:g} ms")


def selects(at: At, request: ToolRequest) -> bool:
    """Whether a call is one of those: its tool matches the glob, and its arguments the matchers."""
    return fnmatchcase(request.name, at.tool) and all(
        (found := value_at(request.arguments, path)) is not ABSENT and match(found, want) == "equal"
        for path, want in at.args.items()
    )


def _due(fault: PlannedFault, seen: int) -> bool:
    """Whether the ``seen``-th such call is struck: the nth, all from one on, else the first few a refusal lasts, or all."""
    how = getattr(fault.inject, fault.inject.kind)
    times = how.times if isinstance(how, Refusal) else None
    first = fault.at.nth or fault.at.from_ or 1
    if fault.at.nth is not None:
        return first <= seen < first + (times or 1)
    return first <= seen and (times is None or seen < first + times)


_STATUS: Mapping[str, tuple[int, str]] = {
    "http_500": (500, "Internal Server Error"),
    "rate_429": (429, "Too Many Requests"),
    "auth_401": (401, "Unauthorized"),
}


def _refused(kind: str, how: Refusal) -> ToolResult:
    status, words = _STATUS[kind]
    wait = f"; retry after {how.retry_after_s:g} s" if how.retry_after_s is not None else ""
    return failed(kind, f"HTTP {status} {words}{wait}")


def _cut(result: ToolResult, at: int | None) -> tuple[str, str]:
    data = result.text.encode()
    place = len(data) // 2 if at is None else at
    return data[:place].decode("utf-8", "ignore"), data[place:].decode("utf-8", "ignore")


def _empty(value: Json) -> Json:
    """The empty value of the same type."""
    return type(value)() if isinstance(value, dict | list | str) else None


def _renamed(value: Json, names: Mapping[str, str]) -> Json:
    if isinstance(value, dict):
        return {names.get(key, key): _renamed(item, names) for key, item in value.items()}
    return [_renamed(item, names) for item in value] if isinstance(value, list) else value


_DAMAGE: Mapping[str, Callable[[ToolResult, Any], str]] = {
    "malformed_json": lambda result, how: ",}{".join(_cut(result, how.bytes)),
    "truncated": lambda result, how: _cut(result, how.bytes)[0],
    "empty": lambda result, how: as_text(_empty(result.data)),
    "schema_drift": lambda result, how: as_text(_renamed(result.data, how.rename)),
    "duplicate_delivery": lambda result, how: f"{result.text}\n{result.text}",
}
