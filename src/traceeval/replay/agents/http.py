"""An agent behind HTTP: ``http:URL [COMMAND]``. It answers ``start`` with a stream of server-sent events.

Every further message of ours is POSTed to the same URL with the ``X-Session`` of the stream's answer. With a COMMAND the
server is started for each trial, inside its sandbox, and URL is on loopback.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any, Literal
from urllib.parse import urlsplit

from traceeval.errors import ConfigError
from traceeval.model import Scenario
from traceeval.registry import attachment
from traceeval.replay._session import Session
from traceeval.replay.agents._process import command_of, started
from traceeval.replay.agents._wire import MOST_BYTES, BadAgent, converse

SESSION = "X-Session"
_START = 20.0
_POLL = 0.05


class HttpAgent:
    """Talks to a server that is there, or starts one."""

    clock: Literal["real"] = "real"

    def __init__(self, url: str, command: tuple[str, ...] = ()) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ConfigError(f"--agent http:{url}: write a URL such as http:http://127.0.0.1:8000/agent")
        self.label = url
        self.hosts = () if command else (parts.hostname,)
        self._url = url
        self._command = command

    def prepare(self) -> None:
        """Import the client once."""
        import httpx  # noqa: F401

    def run(self, session: Session, scenario: Scenario, stream: int) -> None:
        """One conversation.

        Raises:
            BadAgent: nobody answers, or not as agreed.
        """
        import httpx

        try:
            with ExitStack() as stack:
                if self._command:
                    stack.enter_context(started(self._command))
                client = stack.enter_context(httpx.Client(timeout=None, trust_env=False))
                if self._command:
                    self._await(client)
                _Exchange(client, self._url, stack).talk(session)
        except httpx.HTTPError as error:
            raise BadAgent(f"{self._url}: {type(error).__name__}: {error}") from error

    def _await(self, client: Any) -> None:
        import httpx

        until = time.monotonic() + _START
        while time.monotonic() < until:
            try:
                client.get(self._url)
            except httpx.ConnectError:
                time.sleep(_POLL)
            else:
                return
        raise BadAgent(f"{self._url}: nobody listens {_START:g} s after the command was started")


class _Exchange:
    """One stream of events, and the posts that answer it."""

    def __init__(self, client: Any, url: str, stack: ExitStack) -> None:
        self._client = client
        self._url = url
        self._stack = stack
        self._response: Any = None

    def talk(self, session: Session) -> None:
        """Until the end."""
        converse(session, self._events(), self._send)

    def _send(self, data: bytes) -> None:
        if self._response is None:
            headers = {"Content-Type": "application/json", "Accept": "text/event-stream"}
            self._response = self._stack.enter_context(
                self._client.stream("POST", self._url, content=data, headers=headers)
            )
            self._response.raise_for_status()
            return
        headers = {"Content-Type": "application/json", SESSION: self._response.headers.get(SESSION, "")}
        self._client.post(self._url, content=data, headers=headers).raise_for_status()

    def _events(self) -> Iterator[bytes]:
        """The data of each event; lines of one event are joined, comments and other fields left out."""
        data: list[str] = []
        for line in self._response.iter_lines():
            if line.startswith("data:"):
                data.append(line[5:].removeprefix(" "))
            elif not line and data:
                yield "\n".join(data).encode()
                data = []
            if sum(map(len, data)) > MOST_BYTES:
                raise BadAgent(f"the agent sent a message of more than {MOST_BYTES} bytes")


@attachment("http")
def http(rest: str) -> HttpAgent:
    """An HTTP server that streams events."""
    url, _, command = rest.partition(" ")
    return HttpAgent(url, command_of(command) if command else ())
