"""Agent records in prose: rounds of ``user``, ``agent`` and ``environment``, thoughts and actions as free text.

Source: R-Judge (https://github.com/Lordog/R-Judge), also as AgentAuditor carries it. The graph is a best effort and
says so: every span and every link is ``inferred``, without times. An action that reads as a call becomes one, and what
the environment says next is its result; an action that does not is something the agent said.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from io import BufferedReader
from typing import Any

import msgspec

from traceeval.adapters._acted import Acted, acted
from traceeval.adapters._holders import traces_of
from traceeval.adapters._records import pieces
from traceeval.adapters._sample import Sample
from traceeval.adapters._speakers import failed
from traceeval.adapters._tally import Record, Tally
from traceeval.model import (
    SCHEMA_VERSION,
    Basis,
    Body,
    Fault,
    Generation,
    Kind,
    Message,
    Origin,
    Span,
    ToolCall,
    ToolRequest,
    Trace,
    Utterance,
)
from traceeval.registry import adapter

NAME = "prose"
_LACKS = "no `rounds` or `contents` of user, agent and environment"
_KEYS = ("rounds", "contents")
_ROLES = frozenset({"user", "agent", "environment"})


def sniff(sample: Sample) -> tuple[float, str]:
    """An object with rounds of a user, an agent that writes what it does, and an environment."""
    for key in _KEYS:
        if _rounds(sample.keys.get(key)):
            return 0.85, f"`{key}`: rounds of user, agent and environment"
    return 0.0, "no rounds of user, agent and environment"


@adapter(NAME, sniff=sniff)
def prose(stream: BufferedReader, where: str) -> Iterator[Record]:
    """One trace per record: a span per user turn, per agent message and per action that reads as a call."""
    tally = Tally(NAME, where, "prose")
    return tally.closing(traces_of(pieces(stream, where), tally, _listed, _trace, lacks=_LACKS))


def _listed(holder: object) -> list[Mapping[str, Any]] | None:
    if isinstance(holder, Mapping):
        for key in _KEYS:
            found = _rounds(holder.get(key))
            if found:
                return found
    return None


def _rounds(value: object) -> list[Mapping[str, Any]]:
    """The messages of all rounds, in order; empty when they are none."""
    if not isinstance(value, list) or not value:
        return []
    listed = [item for part in value for item in (part if isinstance(part, list) else [part])]
    if not listed or not all(isinstance(item, Mapping) and item.get("role") in _ROLES for item in listed):
        return []
    agents = [item for item in listed if item["role"] == "agent"]
    return listed if agents and any("action" in item or "thought" in item for item in agents) else []


def _trace(holder: Mapping[str, Any], listed: Sequence[Mapping[str, Any]], uri: str, line: int | None) -> Trace:
    digest = sha256(msgspec.json.encode(holder)).hexdigest()
    built = _Rounds(holder.get("profile"))
    for message in listed:
        built.take(message)
    return Trace(
        id=_id(holder) or digest[:32],
        spans=tuple(built.spans),
        schema_version=SCHEMA_VERSION,
        question=next((_text(m, "content") for m in listed if m["role"] == "user" and _text(m, "content")), None),
        answer=built.said,
        origin=Origin(
            format=NAME, uri=uri, record=None if line is None else f"line {line}", sha256=digest, dialect="prose"
        ),
    )


def _id(holder: Mapping[str, Any]) -> str | None:
    found = holder.get("id")
    return str(found) if isinstance(found, str | int) and found != "" else None


def _text(message: Mapping[str, Any], key: str) -> str:
    value = message.get(key)
    return value if isinstance(value, str) else "" if value is None else msgspec.json.encode(value).decode()


class _Rounds:
    """Builds spans message by message. ``waiting``: the call the next word of the environment answers."""

    def __init__(self, profile: object) -> None:
        told = profile if isinstance(profile, str) and profile.strip() else None
        self.system = (Message(role="system", content=told),) if told else None
        self.spans = [Span(id="root", kind=Kind.AGENT, name="agent", basis=Basis.INFERRED)]
        self.waiting: int | None = None
        self.said: str | None = None

    def take(self, message: Mapping[str, Any]) -> None:
        """Add one message."""
        if message["role"] == "user":
            self.waiting = None
            self._add(Kind.HUMAN, "user", Utterance(text=_text(message, "content")))
        elif message["role"] == "agent":
            self._act(_text(message, "thought"), acted(_text(message, "action")))
        elif _text(message, "content"):
            self._hear(_text(message, "content"))

    def _act(self, thought: str, done: Acted) -> None:
        """A model span, and where the action is a call, the call it made."""
        self.waiting = None
        seq = len(self.spans)
        asked = () if done.name is None else (_request(done, f"r{seq}"),)
        written = Message(role="assistant", content=done.said or None, tool_calls=asked, reasoning=thought or None)
        reads = (self.spans[-1].id,) if self.spans[-1].kind is Kind.TOOL else ()
        model = self._add(Kind.MODEL, "agent", Generation(messages=self.system, output=written), reads=reads)
        if done.name is None:
            self.said = done.said or self.said
            return
        body = ToolCall(
            name=done.name,
            arguments=done.arguments,
            raw=done.raw,
            call_id=f"r{seq}",
            requested_by=model.id,
            link=Basis.INFERRED,
        )
        self.waiting = len(self.spans)
        self._add(Kind.TOOL, done.name, body)

    def _hear(self, text: str) -> None:
        """What the environment says: the result of the call before it, else something the agent came to see."""
        fault = Fault(message=text[:400]) if failed(text) else None
        if self.waiting is None:
            last = self.spans[-1]
            asker = last.id if last.kind is Kind.MODEL else None
            body = ToolCall(name="environment", result=text, requested_by=asker, link=Basis.INFERRED)
            self._add(Kind.TOOL, "environment", body, error=fault)
            return
        span = self.spans[self.waiting]
        assert isinstance(span.body, ToolCall)
        answered = msgspec.structs.replace(span.body, result=text)
        self.spans[self.waiting] = msgspec.structs.replace(span, body=answered, error=fault)
        self.waiting = None

    def _add(self, kind: Kind, name: str, body: Body, reads: tuple[str, ...] = (), error: Fault | None = None) -> Span:
        seq = len(self.spans)
        span = Span(
            id=f"m{seq}",
            kind=kind,
            name=name,
            parent="root",
            body=body,
            seq=seq,
            basis=Basis.INFERRED,
            reads=reads,
            error=error,
        )
        self.spans.append(span)
        return span


def _request(done: Acted, id: str) -> ToolRequest:
    return ToolRequest(name=done.name or "", id=id, arguments=done.arguments, raw=done.raw)
