"""How the desk's agent uses tools that may fail: reads are tried again, a write of which nobody knows is looked up first."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Protocol

_AGAIN = frozenset({"timeout", "http_500", "rate_429"})
_TRIES = 3


class Session(Protocol):
    """What an agent gets from a replay."""

    messages: list[Any]

    @property
    def ended(self) -> bool:
        """Whether the customer has no more to say."""
        ...

    def call_tool(self, name: str, args: dict[str, Any]) -> Any:
        """Call a tool: ``text`` is what came back, ``error`` is None or has ``type`` and ``message``."""
        ...

    def say(self, text: str) -> str | None:
        """Speak, and hear what the customer answers."""
        ...


class Failed(Exception):
    """A tool that did not do it. ``why``: its last word, fit to be passed on; ``unknown``: it may have been done all the same."""

    def __init__(self, why: str, *, unknown: bool = False) -> None:
        super().__init__(why)
        self.why = why
        self.unknown = unknown


class Hands:
    """Calls tools. Everything it returns is JSON that came back whole."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def read(self, name: str, **arguments: Any) -> Any:
        """Ask, and ask again where the answer is late, refused for now, or damaged.

        Raises:
            Failed: it does not answer, or says no.
        """
        why = ""
        for _ in range(_TRIES):
            result = self._session.call_tool(name, arguments)
            if result.error is not None and result.error.type not in _AGAIN:
                raise Failed(result.text)
            whole = None if result.error is not None else _whole(result.text)
            if whole is not None:
                return whole[0]
            why = "the system does not answer" if result.error is not None else "the answer came back damaged"
        raise Failed(why)

    def write(self, name: str, done: Callable[[], bool] | None, **arguments: Any) -> Any:
        """Do it once. ``done``: looks whether it was done, for when the answer does not say.

        Raises:
            Failed: it was not done, or nobody can tell (``unknown``).
        """
        for _ in range(_TRIES):
            result = self._session.call_tool(name, arguments)
            if result.error is None:
                whole = _whole(result.text)
                if whole is not None or (done is not None and done()):
                    return whole[0] if whole else None
                raise Failed("the answer came back damaged", unknown=True)
            if result.error.type not in _AGAIN:
                raise Failed(result.text)
            if result.error.type == "timeout":
                if done is None:
                    raise Failed("the system did not answer", unknown=True)
                if done():
                    return None
        raise Failed("the system is not available")


def _whole(text: str) -> tuple[Any] | None:
    """The JSON of a result; of one that was delivered twice, once. None: it is damaged."""
    for part in (text, text.partition("\n")[0]):
        try:
            return (json.loads(part),)
        except json.JSONDecodeError:
            continue
    return None
