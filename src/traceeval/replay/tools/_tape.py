"""A cassette: one recorded call a line. Canonical arguments make the key, secrets never reach the file."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from traceeval.errors import ConfigError
from traceeval.measures.secrets import RULES
from traceeval.model import Fault, Json, ToolOffer, Value
from traceeval.replay._events import ToolResult

_ENCODER = msgspec.json.Encoder(order="deterministic")


class Take(Value, frozen=True):
    """One recorded call. ``error``: its kind. ``redactions``: paths whose value was replaced by a stable token."""

    seq: int
    tool: str
    canonical_args_hash: str
    args: Json
    result: str
    is_error: bool = False
    error: str | None = None
    state_version: int | None = None
    latency_ms: float = 0.0
    redactions: tuple[str, ...] = ()
    tool_schema_hash: str | None = None

    @property
    def answer(self) -> ToolResult:
        """What the agent is told."""
        error = Fault(type=self.error or "recorded", message=self.result) if self.is_error else None
        return ToolResult(text=self.result, error=error)


def read_tape(path: Path) -> tuple[Take, ...]:
    """Every take of a file.

    Raises:
        ConfigError: with ``file:line``.
    """
    takes = []
    try:
        lines = path.read_bytes().splitlines()
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror}); record it with `mode: live`") from error
    for number, line in enumerate(lines, 1):
        try:
            takes.append(msgspec.json.decode(line, type=Take))
        except msgspec.MsgspecError as error:
            raise ConfigError(f"{path}:{number}: no recorded call: {error}") from error
    return tuple(takes)


def key(tool: str, args: Json, volatile: Sequence[str] = ()) -> str:
    """What a call is recorded under: sorted keys, NFC, numbers by value, volatile paths left out, secrets as tokens."""
    plain, _ = redacted(_without(canonical(args), volatile))
    return hashlib.sha256(_ENCODER.encode((tool, plain))).hexdigest()


def canonical(value: Json) -> Json:
    """Texts in NFC, integral floats as integers, everything else as it is."""
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {canonical(str(key)): canonical(item) for key, item in value.items()}
    return [canonical(item) for item in value] if isinstance(value, list | tuple) else value


def schema_hash(offer: ToolOffer | None) -> str | None:
    """The digest of a tool's parameters; None when it recorded none."""
    if offer is None or offer.parameters is None:
        return None
    return hashlib.sha256(_ENCODER.encode(offer.parameters)).hexdigest()


def redacted(value: Json, path: str = "") -> tuple[Json, tuple[str, ...]]:
    """A value with secrets and personal data as tokens that stay the same for the same value; and where they stood."""
    if isinstance(value, str):
        text = _tokens(value)
        return text, (path,) if text != value else ()
    parts: list[str] = []
    if isinstance(value, dict):
        made: dict[str, Json] = {}
        for name, item in value.items():
            made[name], found = redacted(item, f"{path}.{name}" if path else name)
            parts += found
        return made, tuple(parts)
    if isinstance(value, list):
        items = []
        for place, item in enumerate(value):
            one, found = redacted(item, f"{path}.{place}" if path else str(place))
            items.append(one)
            parts += found
        return items, tuple(parts)
    return value, ()


def _tokens(text: str) -> str:
    for rule in RULES:
        for match in reversed(list(rule.pattern.finditer(text))):
            taken = rule.genuine(match.group())
            if taken:
                token = f"<{rule.kind}-{hashlib.sha256(taken.encode()).hexdigest()[:8]}>"
                text = f"{text[: match.start()]}{token}{text[match.start() + len(taken) :]}"
    return text


def _without(value: Json, volatile: Sequence[str], path: str = "") -> Json:
    if not isinstance(value, dict):
        return value
    return {name: _without(item, volatile, below) for name, item, below in _below(value, path) if below not in volatile}


def _below(value: Mapping[str, Json], path: str) -> Iterator[tuple[str, Json, str]]:
    for name, item in value.items():
        yield name, item, f"{path}.{name}" if path else name
