"""Chat Completions message lists with tools: one conversation a file, a list of them, or one a line.

Source: https://platform.openai.com/docs/api-reference/chat. Messages only: spans are inferred, without times.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from hashlib import sha256
from io import BufferedReader
from typing import Any

import msgspec

from traceeval.adapters._conversation import conversation
from traceeval.adapters._records import Piece, pieces
from traceeval.adapters._sample import Sample
from traceeval.adapters._tally import Record, Tally
from traceeval.model import Diagnostic, Json, Trace
from traceeval.registry import adapter

NAME = "openai"
_ROLES = frozenset({"system", "developer", "user", "assistant", "tool", "function"})
_SAYS = frozenset({"content", "tool_calls", "function_call"})


def sniff(sample: Sample) -> tuple[float, str]:
    """A list of messages with roles, or objects that hold one under ``messages``."""
    if is_message(sample.keys):
        return 0.9, "messages with role and content"
    listed = sample.keys.get("messages")
    if isinstance(listed, list) and listed and all(map(is_message, listed)) and "spans" not in sample.keys:
        return 0.8, "an object with messages"
    return 0.0, "no messages with role and content"


def is_message(item: object) -> bool:
    """Whether an object is a chat message."""
    return isinstance(item, Mapping) and str(item.get("role")) in _ROLES and not _SAYS.isdisjoint(item)


@adapter(NAME, sniff=sniff)
def openai(stream: BufferedReader, where: str) -> Iterator[Record]:
    """One trace per conversation, with a span per user turn, per model message and per executed call."""
    tally = Tally(NAME, where, "chat")
    return tally.closing(record for piece in pieces(stream, where) for record in _of_piece(piece, tally))


def _of_piece(piece: Piece, tally: Tally) -> Iterator[Trace | Diagnostic]:
    if piece.why is not None:
        yield tally.damage(piece.line, piece.why)
        return
    for holder in _conversations(piece.value):
        if holder is None:
            yield tally.damage(piece.line, "neither a list of chat messages nor an object with `messages`")
        else:
            yield _trace(holder, piece.line, tally)


def _conversations(value: Json) -> Iterator[Mapping[str, Any] | None]:
    """Each conversation as an object with ``messages``; None for what is none, such as the items of Responses."""
    if isinstance(value, list) and any(map(is_message, value)):
        yield None if any(isinstance(item, Mapping) and "call_id" in item for item in value) else {"messages": value}
    elif isinstance(value, list) and value:
        for item in value:
            nested = isinstance(item, Mapping) or (isinstance(item, list) and any(map(is_message, item)))
            yield from _conversations(item) if nested else (None,)
    elif (
        isinstance(value, Mapping)
        and isinstance(value.get("messages"), list)
        and any(map(is_message, value["messages"]))
    ):
        yield value
    else:
        yield None


def _trace(holder: Mapping[str, Any], line: int | None, tally: Tally) -> Trace:
    digest = sha256(msgspec.json.encode(holder)).hexdigest()
    good = [message for message in holder["messages"] if is_message(message)]
    bad = len(holder["messages"]) - len(good)
    trace = conversation(good, holder, digest, tally.uri, line, skipped=bad)
    tally.read()
    tally.spans += len(trace.spans)
    tally.kept["span"] += len(trace.spans)
    tally.kept["message"] += len(good)
    tally.dropped.update({"message.skipped": bad} if bad else {})
    return trace
