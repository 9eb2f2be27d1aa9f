"""Records that hold a conversation, a JSON value or a list of them at a time: what is one becomes a trace, the rest is said."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from traceeval.adapters._records import Piece
from traceeval.adapters._tally import Tally
from traceeval.model import Diagnostic, Trace

Listed: TypeAlias = Sequence[Mapping[str, Any]]


def traces_of(
    found: Iterable[Piece],
    tally: Tally,
    listed_in: Callable[[object], Listed | None],
    trace_of: Callable[[Mapping[str, Any], Listed, str, int | None], Trace],
    *,
    lacks: str,
) -> Iterator[Trace | Diagnostic]:
    """A trace for every record in which ``listed_in`` finds messages, counted; a diagnostic with ``lacks`` for others."""
    for piece in found:
        if piece.why is not None:
            yield tally.damage(piece.line, piece.why)
            continue
        for holder in piece.value if isinstance(piece.value, list) else [piece.value]:
            listed = listed_in(holder)
            if listed is None or not isinstance(holder, Mapping):
                yield tally.damage(piece.line, lacks)
                continue
            trace = trace_of(holder, listed, tally.uri, piece.line)
            tally.read()
            tally.spans += len(trace.spans)
            tally.kept["span"] += len(trace.spans)
            tally.kept["message"] += len(listed)
            yield trace
