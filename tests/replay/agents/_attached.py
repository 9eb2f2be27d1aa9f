"""The scripted agent in Python, sync and async."""

from __future__ import annotations

import asyncio

from tests.replay.agents._scripted import decide


def callable_agent(session) -> None:
    """A Python callable."""
    turn = 1
    while not session.ended:
        for results in range(2):
            step = decide(turn, results)
            if isinstance(step, str):
                session.say(step)
            else:
                session.call_tool(*step)
        turn += 1


async def async_agent(session) -> None:
    """The same, async."""
    await asyncio.sleep(0)
    callable_agent(session)
