"""An MCP server of the suite's owner as the tools of a trial: its own process, started anew for each.

A server that has ``set_state`` and ``get_state`` begins with the scenario's state and tells it at the end; the agent is
not offered these two. The protocol is the ``mcp`` package's.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine, Sequence
from contextlib import AsyncExitStack
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from traceeval.errors import ConfigError, MissingExtra
from traceeval.model import Json, ToolOffer, ToolRequest
from traceeval.replay._events import Stopped, ToolResult, failed
from traceeval.replay.tools._functions import refusal_of

T = TypeVar("T")
_GET, _SET = "get_state", "set_state"
_START_S = 30.0


class McpTools:
    """Tools over MCP. ``state``: what the server tells; None where it tells none."""

    running: str | None = None

    def __init__(self, command: Sequence[str], folder: Path, state: Json) -> None:
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, name="traceeval-mcp", daemon=True).start()
        self._open = AsyncExitStack()  # nobody closes it: it ends with the process of the trial
        offers = self._opened(command, folder)
        names = {offer.name for offer in offers}
        self.offers: tuple[ToolOffer, ...] = tuple(offer for offer in offers if offer.name not in (_GET, _SET))
        self._tells = _GET in names
        if _SET in names:
            self._ask(_SET, {"state": state})
        elif state is not None:
            raise ConfigError(f"tools.state: {command[0]} has no tool {_SET}, so it cannot begin with a state")

    def _opened(self, command: Sequence[str], folder: Path) -> list[ToolOffer]:
        """Start the server, and ask what it offers.

        Raises:
            MissingExtra: the MCP package is not installed.
        """
        if find_spec("mcp") is None:
            raise MissingExtra("tools over MCP need mcp; pip install 'traceeval[mcp]'")
        from mcp import MCPError

        try:
            self._session, offers = self._wait(_opened(self._open, command, folder), _START_S)
        except (MCPError, OSError, TimeoutError) as error:
            raise Stopped(
                "infra_error", f"the MCP server of the tools does not start: {command[0]}: {error}"
            ) from error
        return offers

    @property
    def state(self) -> Json:
        """The state now."""
        return msgspec.json.decode(self._ask(_GET, {}).text) if self._tells else None

    def call(self, request: ToolRequest, span: str) -> ToolResult:
        """Answer a call; what cannot be called never reaches the server."""
        refused = refusal_of(request, {offer.name: offer.parameters or {} for offer in self.offers})
        return refused or self._ask(request.name, request.arguments)

    def _ask(self, name: str, arguments: Json) -> ToolResult:
        """One call of the server's; a server that died is an error of the harness."""
        from mcp import MCPError

        try:
            found = self._wait(self._session.call_tool(name, arguments), None)
        except (MCPError, OSError) as error:
            raise Stopped("infra_error", f"the MCP server of the tools: {name}: {error}") from error
        text = "\n".join(part.text for part in found.content if part.type == "text")
        return failed("tool_error", text) if found.is_error else ToolResult(text=text)

    def _wait(self, work: Coroutine[Any, Any, T], seconds: float | None) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(seconds)


async def _opened(stack: AsyncExitStack, command: Sequence[str], folder: Path) -> tuple[Any, list[ToolOffer]]:
    from mcp import ClientSession, StdioServerParameters
    from mcp.client.stdio import stdio_client

    server = StdioServerParameters(command=command[0], args=list(command[1:]), cwd=folder)
    streams = await stack.enter_async_context(stdio_client(server))
    session = await stack.enter_async_context(ClientSession(*streams))
    await session.initialize()
    listed = (await session.list_tools()).tools
    return session, [
        ToolOffer(name=one.name, description=one.description, parameters=one.input_schema) for one in listed
    ]
