"""An agent that is not changed at all: it reaches the scenario's tools at *our* MCP server. ``mcp:COMMAND``.

The command runs once a user turn, in the trial's folder, which it may use as its memory. In it ``{prompt}`` is the user's
words, ``{config}`` a file in the form many agents read (``mcpServers``), ``{transcript}`` a file with the conversation so
far. What it writes to its standard output is what it says. The environment holds the same as ``TRACEEVAL_MCP_CONFIG`` and
``TRACEEVAL_TRANSCRIPT``. The server stops every call, so no live tool is within its reach.
"""

from __future__ import annotations

import json
import os
import selectors
import socket
import subprocess
import sys
from collections.abc import Callable, Sequence
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Any, Literal, TypeAlias

import msgspec

from traceeval.errors import ConfigError, MissingExtra
from traceeval.model import Json, Scenario, ToolOffer
from traceeval.registry import attachment
from traceeval.replay._events import ToolResult
from traceeval.replay._session import Session
from traceeval.replay.agents._process import command_of, started
from traceeval.replay.agents._wire import MOST_BYTES, BadAgent, request_of

Execute: TypeAlias = Callable[[str, Json], ToolResult]
_SERVER = "traceeval"


class McpAgent:
    """Runs the command, and answers the MCP server it starts."""

    clock: Literal["real"] = "real"
    hosts: tuple[str, ...] = ()

    def __init__(self, command: tuple[str, ...]) -> None:
        if not any("{prompt}" in word or "{transcript}" in word for word in command):
            raise ConfigError("--agent mcp: the command names neither {prompt} nor {transcript}: it would hear nothing")
        self.label = " ".join(command)
        self._command = command

    def prepare(self) -> None:
        """Look whether the server can be started.

        Raises:
            MissingExtra: the MCP package is not installed.
        """
        if find_spec("mcp") is None:
            raise MissingExtra("agents that speak MCP need mcp; pip install 'traceeval[mcp]'")

    def run(self, session: Session, scenario: Scenario, stream: int) -> None:
        """Turn by turn, until the user is done."""
        self._converse(session, lambda name, args: session.execute(request_of(name, args, None)), session.say)

    def _converse(self, session: Session, execute: Execute, say: Callable[[str], str | None]) -> None:
        """Run the command once a turn. ``execute``: makes a call that came over MCP; ``say``: tells the user what it said."""
        path = Path("tools.sock").resolve()
        config = Path("mcp.json").resolve()
        server = {"command": sys.executable, "args": ["-m", "traceeval.replay.agents._mcp_server", str(path)]}
        config.write_text(json.dumps({"mcpServers": {_SERVER: server}}), encoding="utf-8")
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(str(path))
            listener.listen()
            words: str | None = str(session.messages[0].content)
            while words is not None:
                words = say(_Turn(session.tools, execute, listener).run(self._words(words, config, session)))

    def _words(self, words: str, config: Path, session: Session) -> tuple[str, ...]:
        """The command of one turn; braces in what the user said are left as they are."""
        transcript = Path("transcript.json").resolve()
        transcript.write_bytes(msgspec.json.encode(session.messages))
        os.environ.update({"TRACEEVAL_MCP_CONFIG": str(config), "TRACEEVAL_TRANSCRIPT": str(transcript)})
        filled = {"{config}": str(config), "{transcript}": str(transcript), "{prompt}": words}
        return tuple(_filled(word, filled) for word in self._command)


def _filled(word: str, values: dict[str, str]) -> str:
    for name, value in values.items():
        if name in word:
            head, _, tail = word.partition(name)
            return f"{_filled(head, values)}{value}{_filled(tail, values)}"
    return word


class _Turn:
    """One run of the command: its output gathered, calls that come over the socket made, one after the other."""

    def __init__(self, tools: Sequence[ToolOffer], execute: Execute, listener: socket.socket) -> None:
        self._tools = tools
        self._execute = execute
        self._listener = listener
        self._said = bytearray()

    def run(self, command: tuple[str, ...]) -> str:
        """What the command says.

        Raises:
            BadAgent: it ended with an error, or said too much.
        """
        with (
            selectors.DefaultSelector() as watched,
            started(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE) as one,
        ):
            assert one.stdout is not None
            watched.register(one.stdout, selectors.EVENT_READ, self._output)
            watched.register(self._listener, selectors.EVENT_READ, self._accept)
            while one.stdout in [key.fileobj for key in watched.get_map().values()]:
                for key, _ in watched.select():
                    key.data(key.fileobj, watched)
        if one.returncode:
            raise BadAgent(f"{command[0]} ended with code {one.returncode}")
        return bytes(self._said).decode("utf-8", "replace").strip()

    def _output(self, stream: IO[bytes], watched: Any) -> None:
        data = os.read(stream.fileno(), 1 << 16)
        self._said += data
        if len(self._said) > MOST_BYTES:
            raise BadAgent(f"the agent said more than {MOST_BYTES} bytes")
        if not data:
            watched.unregister(stream)

    def _accept(self, listener: socket.socket, watched: Any) -> None:
        connection, _ = listener.accept()
        watched.register(connection, selectors.EVENT_READ, partial(self._asked, connection.makefile("rwb")))

    def _asked(self, stream: Any, connection: socket.socket, watched: Any) -> None:
        """One line at a time: the server asks the next question when it has the answer to the last."""
        line = stream.readline(MOST_BYTES)
        if not line:
            watched.unregister(connection)
            stream.close()
            connection.close()
            return
        message = msgspec.json.decode(line)
        if message["ask"] == "tools":
            answer: Any = self._tools
        else:
            result = self._execute(str(message["name"]), message["args"])
            answer = {"text": result.text, "error": not result.ok}
        stream.write(msgspec.json.encode(answer) + b"\n")
        stream.flush()


@attachment("mcp")
def mcp(rest: str) -> McpAgent:
    """An unchanged agent at our MCP server."""
    return McpAgent(command_of(rest))
