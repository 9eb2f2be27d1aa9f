"""A stranger's MCP server with a state that can be set and told."""

import asyncio
import json

import mcp_types as types
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server

STATE = {}
ID = {"type": "object", "properties": {"order_id": {"type": "string"}}, "required": ["order_id"]}
ANY = {"type": "object", "properties": {"state": {}}}
TOOLS = {"get_order": ID, "cancel_order": ID, "get_state": ANY, "set_state": ANY}


async def listed(context, params):
    return types.ListToolsResult(tools=[types.Tool(name=name, input_schema=schema) for name, schema in TOOLS.items()])


async def called(context, params):
    args, name = params.arguments or {}, params.name
    if name == "set_state":
        STATE.update(args["state"])
    elif name == "get_state":
        return text(json.dumps(STATE))
    elif args["order_id"] not in STATE["orders"]:
        return text("no such order", error=True)
    elif name == "cancel_order":
        STATE["orders"][args["order_id"]]["status"] = "cancelled"
        return text("cancelled")
    return text(json.dumps(STATE["orders"].get(args.get("order_id"))))


def text(words, *, error=False):
    return types.CallToolResult(content=[types.TextContent(type="text", text=words)], is_error=error)


async def main():
    server = Server("shop", on_list_tools=listed, on_call_tool=called)
    async with stdio_server() as (incoming, outgoing):
        await server.run(incoming, outgoing, server.create_initialization_options())


asyncio.run(main())
