"""``python -m traceeval.replay.agents._mcp_server SOCKET``: the scenario's tools over MCP on stdio, asked of a trial.

The protocol is the ``mcp`` package's; this only carries calls to the trial that listens on SOCKET, one at a time.
"""

from __future__ import annotations

import asyncio
import sys
from typing import Any

import msgspec


async def serve(path: str) -> None:
    """Until the agent closes the streams."""
    import mcp_types as types
    from mcp.server.lowlevel import Server
    from mcp.server.stdio import stdio_server

    reader, writer = await asyncio.open_unix_connection(path, limit=1 << 26)
    turn = asyncio.Lock()

    async def ask(**message: Any) -> Any:
        async with turn:
            writer.write(msgspec.json.encode(message) + b"\n")
            await writer.drain()
            return msgspec.json.decode(await reader.readline())

    async def tools(context: Any, params: Any) -> types.ListToolsResult:
        offers = await ask(ask="tools")
        return types.ListToolsResult(tools=[_tool(types, offer) for offer in offers])

    async def call(context: Any, params: types.CallToolRequestParams) -> types.CallToolResult:
        found = await ask(ask="call", name=params.name, args=params.arguments or {})
        content: list[Any] = [types.TextContent(type="text", text=found["text"])]
        return types.CallToolResult(content=content, is_error=found["error"])

    server: Any = Server("traceeval", on_list_tools=tools, on_call_tool=call)
    async with stdio_server() as (incoming, outgoing):
        await server.run(incoming, outgoing, server.create_initialization_options())
    writer.close()


def _tool(types: Any, offer: dict[str, Any]) -> Any:
    schema = offer.get("parameters") or {"type": "object", "properties": {}}
    return types.Tool(name=offer["name"], description=offer.get("description"), input_schema=schema)


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1]))
