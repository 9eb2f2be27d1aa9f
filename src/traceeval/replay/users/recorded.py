"""The user turns of a recorded trace, word for word, in the order they were said."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

from traceeval.errors import ConfigError
from traceeval.graph import TraceGraph
from traceeval.model import ToolRequest, Trace
from traceeval.replay._events import Reply
from traceeval.replay.users._guards import unforeseen


class Recorded:
    """Says the next turn, whatever the agent said; stops where the recording stops."""

    def __init__(self, turns: Sequence[str], on_unmatched: str) -> None:
        self._left = list(turns)
        self._on_unmatched = on_unmatched

    def first(self) -> str:
        """The first recorded turn."""
        return self._left.pop(0)

    def reply(self, said: str, calls: Sequence[ToolRequest]) -> Reply:
        """The next recorded turn; past the last one a question is one nobody foresaw."""
        if self._left:
            return Reply(text=self._left.pop(0))
        return unforeseen(said, self._on_unmatched)


def recorded_turns(path: Path) -> tuple[str, ...]:
    """The user turns of the first trace of a native file.

    Raises:
        ConfigError: it is none, or nobody spoke in it.
    """
    try:
        with path.open("rb") as lines:
            trace = msgspec.json.decode(lines.readline(), type=Trace)
    except (OSError, msgspec.MsgspecError) as error:
        raise ConfigError(f"{path}: no recorded trace ({error}); `traceeval ingest` writes native lines") from error
    turns = tuple(text for _, text in TraceGraph(trace).users)
    if not turns:
        raise ConfigError(f"{path}: nobody speaks in this trace; record one with its user turns")
    return turns
