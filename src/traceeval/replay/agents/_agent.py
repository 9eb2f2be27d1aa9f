"""An agent under test, whatever it is made of: something that can run one session."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Literal, Protocol

from traceeval.errors import ConfigError
from traceeval.model import Scenario
from traceeval.registry import Attachment, Registry
from traceeval.replay._session import Session

ATTACHMENTS = Registry("traceeval.replay.agents", Attachment)


class Agent(Protocol):
    """``label``: how reports call it. ``clock``: ``real`` when it runs outside this process. ``hosts``: what it must reach."""

    label: str
    clock: Literal["virtual", "real"]
    hosts: tuple[str, ...]

    def prepare(self) -> None:
        """Import what every trial needs, once; nothing that one trial could leave to another."""
        ...

    def run(self, session: Session, scenario: Scenario, stream: int) -> Awaitable[None] | None:
        """One conversation, from the user's first words to the end. ``stream``: a seed of the trial's own."""
        ...


def open_agent(text: str | Callable[..., object]) -> Agent:
    """An agent by what people write: ``stdio:COMMAND``, ``http:URL``, ``noop``, or MODULE:FUNCTION of Python.

    Raises:
        ConfigError: none of those.
    """
    if not isinstance(text, str):
        return _made("python", text)
    name, found, rest = text.partition(":")
    if name in ATTACHMENTS.names():
        return _made(name, rest)
    if not found:
        raise ConfigError(f"--agent {text!r}: write MODULE:FUNCTION, or one of {', '.join(ATTACHMENTS.names())}")
    return _made("python", text)


def _made(name: str, rest: object) -> Agent:
    made: Agent = ATTACHMENTS.get(name).call(rest)
    return made
