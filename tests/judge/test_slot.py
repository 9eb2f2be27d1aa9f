"""Places among the requests of an endpoint."""

import asyncio

import pytest

from traceeval.judge._slot import NotSent, Slot


async def yes():
    return ""


async def no():
    return "budget"


def test_a_place_is_held_until_it_is_given_back():
    async def seen():
        limit = asyncio.Semaphore(1)
        first, second = Slot(limit, yes), Slot(limit, yes)
        await first.take()
        waiting = asyncio.ensure_future(second.take())
        await asyncio.sleep(0)
        before = waiting.done()
        first.give()
        first.give()
        await asyncio.wait_for(waiting, 5)
        return before, limit.locked()

    assert asyncio.run(seen()) == (False, True)


def test_what_must_not_leave_holds_no_place():
    async def seen():
        limit = asyncio.Semaphore(1)
        with pytest.raises(NotSent, match="budget"):
            await Slot(limit, no).take()
        return limit.locked()

    assert asyncio.run(seen()) is False


def test_a_redirected_request_takes_a_place_again_and_is_asked_about_once():
    asked = []

    async def ready():
        asked.append(1)
        return ""

    async def seen():
        limit = asyncio.Semaphore(1)
        slot = Slot(limit, ready)
        await slot.take()
        await slot.take()
        slot.give()
        await slot.take()
        return limit.locked()

    assert asyncio.run(seen()) is True
    assert asked == [1]


def test_one_who_waited_has_the_place_before_the_answer_is_read() -> None:
    async def run() -> list[str]:
        limit, order = asyncio.Semaphore(1), list[str]()
        first, second = Slot(limit, yes), Slot(limit, yes)
        await first.take()

        async def waits() -> None:
            await second.take()
            order.append("left")

        waiting = asyncio.ensure_future(waits())
        await asyncio.sleep(0)
        await first.hand_over()
        order.append("read")
        await waiting
        return order

    assert asyncio.run(run()) == ["left", "read"]
