"""An agent that is not changed, its model heard too: ``proxy:URL COMMAND``, where URL is an OpenAI-compatible endpoint.

It is attached as by ``mcp:``, so every call of a tool ends at our server. Beside that it finds a proxy of the endpoint in
``OPENAI_BASE_URL``: the trace then has the prompts, what was used, and the calls the model asked for but nobody made.
"""

from __future__ import annotations

import os
import threading
from typing import Any
from urllib.parse import urlsplit

from traceeval.errors import ConfigError
from traceeval.judge.backends.openai import read_key
from traceeval.model import Json, Message, Scenario, ToolRequest, Usage
from traceeval.registry import attachment
from traceeval.replay._events import Plan, Prompt, Stopped, ToolResult, Used
from traceeval.replay._session import Session
from traceeval.replay.agents._model_api import Answer
from traceeval.replay.agents._model_proxy import model_proxy
from traceeval.replay.agents._process import command_of
from traceeval.replay.agents._wire import request_of
from traceeval.replay.agents.mcp import McpAgent


class ProxyAgent(McpAgent):
    """Runs the command between our MCP server and a proxy of its model."""

    def __init__(self, base_url: str, command: tuple[str, ...]) -> None:
        parts = urlsplit(base_url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ConfigError(f"--agent proxy:{base_url}: write proxy:URL COMMAND, URL as https://api.example/v1")
        super().__init__(command)
        self.hosts = (parts.hostname,)
        self._base_url = base_url.rstrip("/")
        self._key = read_key("OPENAI_API_KEY", base_url)

    def run(self, session: Session, scenario: Scenario, stream: int) -> None:
        """Turn by turn, the proxy beside it."""
        ear = _Ear(session)
        with model_proxy(self._base_url, self._key, ear.heard, lambda: session.stopped is not None) as url:
            os.environ.update({"OPENAI_BASE_URL": url, "OPENAI_API_KEY": "none"})
            self._converse(session, ear.execute, ear.say)


class _Ear:
    """What the proxy hears goes into the session, one thing at a time: requests come in threads of their own."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._turn = threading.RLock()
        self._asked: list[ToolRequest] = []
        self._last: tuple[tuple[Message, ...], Answer] | None = None

    def heard(self, prompt: tuple[Message, ...], answer: Answer) -> None:
        """An exchange: calls are asked for; words may be the last of the turn, and are kept until that is known."""
        with self._turn:
            try:
                self._thought()
                if not answer.requests:
                    self._last = prompt, answer
                    return
                self._session.emit(Prompt(messages=prompt))
                requests = [self._plain(one) for one in answer.requests]
                self._asked += self._session.ask(requests, answer.text or None, answer.usage)
            except Stopped:
                return  # the session holds it, and whoever runs the command meets it there

    def execute(self, name: str, args: Json) -> ToolResult:
        """A call that came over MCP: the first like it that the model asked for, or one nobody was heard asking for."""
        with self._turn:
            found = next(
                (one for one in self._asked if one.name == name and (one.arguments or {}) == (args or {})), None
            )
            if found is None:
                return self._session.execute(request_of(name, args, None))
            self._asked.remove(found)
            return self._session.execute(found)

    def say(self, text: str) -> str | None:
        """What the command said to the user, with the prompt and usage of the words it rests on."""
        with self._turn:
            usage: Usage | None = None
            if self._last is not None:
                prompt, answer = self._last
                self._session.emit(Prompt(messages=prompt))
                usage, self._last = answer.usage, None
            self._asked = []
            return self._session.say(text, usage)

    def _thought(self) -> None:
        """Words the agent did not end its turn with: what it thought."""
        if self._last is not None:
            _, answer = self._last
            self._last = None
            self._session.emit(Plan(answer.text))
            if answer.usage is not None:
                self._session.emit(Used(answer.usage))

    def _plain(self, request: ToolRequest) -> ToolRequest:
        """A call by the name the tool has with us: agents put the server's name before it."""
        import msgspec

        names: list[Any] = [tool.name for tool in self._session.tools]
        known = [name for name in names if request.name.endswith(name)]
        if request.name in names or not known:
            return request
        return msgspec.structs.replace(request, name=max(known, key=len))


@attachment("proxy")
def proxy(rest: str) -> ProxyAgent:
    """An unchanged agent between our MCP server and a proxy of its model."""
    url, _, command = rest.strip().partition(" ")
    return ProxyAgent(url, command_of(command))
