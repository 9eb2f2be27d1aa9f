"""The scripted agent as a stranger's program that knows MCP and nothing of traceeval: prompt in, answer out."""

import asyncio
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from _scripted import decide
from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client


async def main(server: dict, turn: int) -> None:
    async with stdio_client(StdioServerParameters(**server)) as streams, ClientSession(*streams) as session:
        await session.initialize()
        names = [tool.name for tool in (await session.list_tools()).tools]
        for results in range(2):
            step = decide(turn, results)
            if isinstance(step, str):
                sys.stdout.write(step + "\n")
            else:
                assert step[0] in names
                await session.call_tool(step[0], step[1])


config, transcript = (json.loads(Path(name).read_text()) for name in sys.argv[1:])
asyncio.run(main(config["mcpServers"]["traceeval"], sum(one["role"] == "user" for one in transcript)))
