"""What an agent does in a session and what it is told: the words every attachment speaks, on a wire or in a call."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias

from traceeval.model import Fault, Hit, Json, Message, ToolRequest, Usage, Value


class Say(Value, frozen=True, tag="say", tag_field="type"):
    """Words to the user: they hand the turn over."""

    text: str
    usage: Usage | None = None


class Plan(Value, frozen=True, tag="plan", tag_field="type"):
    """What the agent means to do; nobody answers."""

    text: str


class Handoff(Value, frozen=True, tag="handoff", tag_field="type"):
    """Another agent of the same application goes on."""

    to: str


class Used(Value, frozen=True, tag="usage", tag_field="type"):
    """Tokens and money spent since the last event."""

    usage: Usage


class Retrieved(Value, frozen=True, tag="retrieval", tag_field="type"):
    """What a search of the agent's own found; ``source`` names the index."""

    hits: tuple[Hit, ...]
    query: str | None = None
    source: str | None = None


class Prompt(Value, frozen=True, tag="prompt", tag_field="type"):
    """The whole prompt of the message that comes next, where the agent can tell it."""

    messages: tuple[Message, ...]


Event: TypeAlias = Say | Plan | Handoff | Used | Retrieved | Prompt


class ToolResult(Value, frozen=True):
    """What a call brought back: the text the agent sees, and why it is an error, where it is one."""

    text: str
    error: Fault | None = None

    @property
    def ok(self) -> bool:
        """Whether it is no error."""
        return self.error is None

    @property
    def data(self) -> Json:
        """The text as JSON; the text itself where it is none."""
        import msgspec

        try:
            return msgspec.json.decode(self.text)
        except (msgspec.DecodeError, RecursionError):
            return self.text


class Reply(Value, frozen=True):
    """What a user answers. ``text`` None: nothing more to say. ``matched`` False: nobody foresaw what the agent said."""

    text: str | None = None
    matched: bool = True


def failed(kind: str, text: str) -> ToolResult:
    """An error result of that kind."""
    return ToolResult(text=text, error=Fault(type=kind, message=text))


def request(name: str, arguments: Mapping[str, Json], id: str | None = None) -> ToolRequest:
    """A call an agent asks for."""
    return ToolRequest(name=name, id=id, arguments=dict(arguments))


How: TypeAlias = Literal["diverged", "budget", "output_limit", "infra_error", "done"]


class Stopped(BaseException):
    """The trial is over: an agent that catches everything does not catch this."""

    def __init__(self, how: How, why: str = "") -> None:
        """Say how it ended, and why."""
        super().__init__(why)
        self.how: How = how
        self.why = why
