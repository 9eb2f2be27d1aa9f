"""Group chats of several agents: messages whose ``name`` or ``role`` is the speaker, as AutoGen and Magentic-One log them.

Source: https://github.com/ag2ai/Agents_Failure_Attribution (``history``). Spans are inferred, without times: one per
message; what an environment printed is a call of the agent that spoke before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from io import BufferedReader
from typing import Any

import msgspec
from msgspec.structs import replace

from traceeval.adapters._holders import traces_of
from traceeval.adapters._records import pieces
from traceeval.adapters._sample import Sample
from traceeval.adapters._speakers import Speaker, failed, speaker_of
from traceeval.adapters._tally import Record, Tally
from traceeval.model import (
    SCHEMA_VERSION,
    Basis,
    Fault,
    Generation,
    Kind,
    Message,
    Origin,
    Span,
    ToolCall,
    Trace,
    Utterance,
)
from traceeval.registry import adapter

NAME = "groupchat"
_LACKS = "no `history`, `trajectory` or `messages` of named agents"
_KEYS = ("history", "trajectory", "messages")
_PLAIN = frozenset({"system", "developer", "user", "assistant", "tool", "function"})
_KINDS = {"agent": Kind.MODEL, "human": Kind.HUMAN, "environment": Kind.TOOL, "system": Kind.OTHER}
_STOP = re.compile(r"^\W*TERMINATE\W*$", re.IGNORECASE)


def sniff(sample: Sample) -> tuple[float, str]:
    """An object with a list of messages of several named speakers."""
    for key in _KEYS:
        listed = sample.keys.get(key)
        if isinstance(listed, list) and is_group_chat(listed):
            return 0.85, f"`{key}`: messages of named agents"
    return 0.0, "no messages of named agents"


def is_group_chat(listed: Sequence[Any]) -> bool:
    """Whether every item is a text somebody said, and the speakers are more than the roles of a chat API."""
    if not listed or not all(isinstance(item, Mapping) and isinstance(item.get("content"), str) for item in listed):
        return False
    if any("tool_calls" in item or "tool_call_id" in item for item in listed):
        return False
    roles = {str(item.get("role") or "") for item in listed}
    named = {str(item["name"]) for item in listed if item.get("name")}
    return bool(named) or any(role and role.lower() not in _PLAIN | {"human"} for role in roles)


@adapter(NAME, sniff=sniff)
def groupchat(stream: BufferedReader, where: str) -> Iterator[Record]:
    """One trace per chat, with a span per message under one root."""
    tally = Tally(NAME, where, "chat")
    return tally.closing(traces_of(pieces(stream, where), tally, _messages, _trace, lacks=_LACKS))


def _messages(holder: object) -> Sequence[Mapping[str, Any]] | None:
    if isinstance(holder, Mapping):
        for key in _KEYS:
            listed = holder.get(key)
            if isinstance(listed, list) and is_group_chat(listed):
                return listed
    return None


def _trace(holder: Mapping[str, Any], listed: Sequence[Mapping[str, Any]], uri: str, line: int | None) -> Trace:
    digest = sha256(msgspec.json.encode(holder)).hexdigest()
    spans = tuple(_spans(listed))
    said = [span.body.text for span in spans if isinstance(span.body, Utterance)]
    question = holder.get("question")
    return Trace(
        id=_id(holder) or digest[:32],
        spans=spans,
        schema_version=SCHEMA_VERSION,
        question=question if isinstance(question, str) else (said[0] if said else None),
        answer=_answer(spans),
        origin=Origin(
            format=NAME, uri=uri, record=None if line is None else f"line {line}", sha256=digest, dialect="chat"
        ),
    )


def _id(holder: Mapping[str, Any]) -> str | None:
    found = (holder.get(key) for key in ("id", "trajectory_id", "question_ID", "conversation_id"))
    return next((str(value) for value in found if isinstance(value, str | int) and value != ""), None)


def _spans(listed: Sequence[Mapping[str, Any]]) -> Iterator[Span]:
    yield Span(id="root", kind=Kind.AGENT, name="group chat", basis=Basis.INFERRED)
    last: Span | None = None
    for seq, message in enumerate(listed, 1):
        speaker = speaker_of(message)
        span = _span(seq, speaker, str(message["content"]), last)
        if speaker.part == "agent":
            last = span
        yield span


def _span(seq: int, speaker: Speaker, text: str, last: Span | None) -> Span:
    span = Span(
        id=f"m{seq}", kind=_KINDS[speaker.part], name=speaker.name, parent="root", seq=seq, basis=Basis.INFERRED
    )
    if speaker.part == "human":
        return replace(span, body=Utterance(text=text))
    if speaker.part == "environment":
        body = ToolCall(name=speaker.name, result=text, requested_by=last.id if last else None, link=Basis.INFERRED)
        return replace(span, body=body, error=Fault(message=text[:400]) if failed(text) else None)
    if speaker.part == "system":
        return span
    return replace(
        span,
        agent=speaker.name,
        attributes={"handoff.to": speaker.to} if speaker.to else {"note": speaker.note} if speaker.note else {},
        reads=(f"m{seq - 1}",) if seq > 1 else (),
        body=Generation(output=Message(role="assistant", content=text, name=speaker.name)),
    )


def _answer(spans: Sequence[Span]) -> str | None:
    """The last thing an agent said that is more than a sign to stop."""
    for span in reversed(spans):
        if isinstance(span.body, Generation) and span.body.output is not None:
            text = span.body.output.content
            if isinstance(text, str) and text.strip() and not _STOP.match(text):
                return text
    return None
