"""The messages of agents that run elsewhere: JSON, one a line on stdio, one an event over HTTP.

To the agent: ``start`` (messages, tools), ``user`` (text), ``result`` (id, text, error), ``stop`` (why).
From it: ``call`` (id, name, args), ``calls`` (several out of one message), ``say``, ``plan``, ``handoff``, ``usage``,
``retrieval`` (query, hits), ``prompt`` (messages), ``end``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeAlias

import msgspec

from traceeval.errors import TraceevalError
from traceeval.model import Json, Message, ToolOffer, ToolRequest, Value
from traceeval.replay._events import Handoff, Plan, Prompt, Retrieved, Say, ToolResult, Used
from traceeval.replay._session import Session

MOST_BYTES = 8_000_000
"""Of one message; an agent that sends more is not listened to."""


class BadAgent(TraceevalError, RuntimeError):
    """The agent broke the protocol, or died: its failure, told in the trial."""


class Start(Value, frozen=True, tag="start", tag_field="type"):
    """The conversation begins."""

    messages: tuple[Message, ...]
    tools: tuple[ToolOffer, ...]


class User(Value, frozen=True, tag="user", tag_field="type"):
    """The user's next words."""

    text: str


class Result(Value, frozen=True, tag="result", tag_field="type"):
    """What a call brought back; ``error``: its kind, where it is one."""

    id: str | None
    text: str
    error: str | None = None


class Stop(Value, frozen=True, tag="stop", tag_field="type"):
    """The user has no more to say."""

    why: str = "end"


class Call(Value, frozen=True, tag="call", tag_field="type"):
    """A call. ``args`` is an object; a text is read as JSON, and kept as it is where it is none."""

    name: str
    args: Json = None
    id: str | None = None

    @property
    def request(self) -> ToolRequest:
        """The same as a request."""
        return request_of(self.name, self.args, self.id)


class Calls(Value, frozen=True, tag="calls", tag_field="type"):
    """Several calls out of one message, and the words beside them."""

    calls: tuple[Call, ...]
    text: str | None = None


class End(Value, frozen=True, tag="end", tag_field="type"):
    """The agent is done."""


Heard: TypeAlias = Call | Calls | Say | Plan | Handoff | Used | Retrieved | Prompt | End
Send: TypeAlias = Callable[[bytes], None]
_DECODER: msgspec.json.Decoder[Heard] = msgspec.json.Decoder(Heard)
_ENCODER = msgspec.json.Encoder()


def request_of(name: str, args: Json, id: str | None) -> ToolRequest:
    """A call as a request; arguments that are no JSON object stay as they were written."""
    if isinstance(args, str):
        try:
            read = msgspec.json.decode(args)
        except (msgspec.DecodeError, RecursionError):
            read = None
        if isinstance(read, dict):
            return ToolRequest(name=name, id=id, arguments=read)
        return ToolRequest(name=name, id=id, raw=args)
    if args is None or isinstance(args, dict):
        return ToolRequest(name=name, id=id, arguments=args or {})
    return ToolRequest(name=name, id=id, raw=_ENCODER.encode(args).decode())


def converse(session: Session, heard: Iterable[bytes], send: Send) -> None:
    """Answer what an agent sends, until it ends or the user has no more to say.

    Raises:
        BadAgent: it sent no message of ours, or stopped sending before the end.
    """
    send(_ENCODER.encode(Start(messages=tuple(session.messages), tools=session.tools)))
    for data in heard:
        message = _read(data)
        if isinstance(message, End):
            return
        for answer in _answers(session, message):
            send(_ENCODER.encode(answer))
        if session.ended:
            send(_ENCODER.encode(Stop()))
            return
    raise BadAgent("the agent stopped sending before it said `end`")


def _answers(session: Session, message: Heard) -> Iterable[User | Result]:
    if isinstance(message, Call):
        return [_result(message.id, session.execute(message.request))]
    if isinstance(message, Calls):
        asked = session.ask([call.request for call in message.calls], message.text)
        return [_result(call.id, session.execute(request)) for call, request in zip(message.calls, asked, strict=True)]
    assert not isinstance(message, End)
    words = session.emit(message)
    return [User(text=words)] if words is not None else []


def _result(id: str | None, result: ToolResult) -> Result:
    return Result(id=id, text=result.text, error=result.error.type if result.error is not None else None)


def _read(data: bytes) -> Heard:
    try:
        return _DECODER.decode(data)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        shown = data[:80].decode("utf-8", "replace")
        raise BadAgent(f"the agent sent {shown!r}, which is no message of the protocol ({error})") from error
