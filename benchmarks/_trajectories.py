"""Generated tool-using conversations of 20 messages, each with what was expected: published with the speed benchmark.

A fifth each is as expected, lacks a call, makes one more, makes one with another argument, makes two in the other order.
Nothing in them is where a peer is known to be wrong, so that verdicts can be equal before time counts.
"""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator
from typing import Any, TypeAlias

Message: TypeAlias = dict[str, Any]

_TOOLS = ("get_user", "get_order", "list_items", "get_stock", "get_price", "get_address", "get_carrier", "refund_order")
_CASES = ("same", "lacks", "more", "other", "swapped")


def conversations(count: int, *, seed: int = 0) -> Iterator[tuple[list[Message], list[Message]]]:
    """(what happened, what was expected), ``count`` times; the same seed gives the same."""
    rng = random.Random(seed)
    for number in range(count):
        expected = _conversation(rng, number)
        yield _changed(copy.deepcopy(expected), _CASES[number % len(_CASES)], rng), expected


def calls_of(messages: list[Message]) -> list[tuple[str, dict[str, Any]]]:
    """(tool, arguments) in order."""
    return [
        (call["function"]["name"], json.loads(call["function"]["arguments"]))
        for message in messages
        for call in message.get("tool_calls") or ()
    ]


def _conversation(rng: random.Random, number: int) -> list[Message]:
    order, user = f"ORD-{number:06d}", f"user_{rng.randint(1000, 9999)}"
    messages: list[Message] = [
        {"role": "system", "content": "You help customers. Ask before you change anything."},
        {"role": "user", "content": f"I am {user}. Please refund order {order}."},
    ]
    for tool in _TOOLS[:5]:
        messages += _round(
            [(tool, {"order_id": order, "user_id": user, "page": rng.randint(1, 9)})], number, len(messages)
        )
    messages += _round([(tool, {"order_id": order, "lines": [1, 2]}) for tool in _TOOLS[5:7]], number, len(messages))
    messages += [
        {"role": "assistant", "content": f"Shall I refund order {order}?"},
        {"role": "user", "content": "Yes, please."},
    ]
    messages += _round([(_TOOLS[7], {"order_id": order, "amount": rng.randint(10, 900)})], number, len(messages))
    return [*messages, {"role": "assistant", "content": f"Order {order} is refunded."}]


def _round(asked: list[tuple[str, dict[str, Any]]], number: int, place: int) -> list[Message]:
    """One message that asks for calls, and their results."""
    ids = [f"call_{number}_{place}_{n}" for n in range(len(asked))]
    calls = [
        {"id": key, "type": "function", "function": {"name": tool, "arguments": json.dumps(arguments)}}
        for key, (tool, arguments) in zip(ids, asked, strict=True)
    ]
    result = json.dumps({"status": "ok", "order_id": asked[0][1]["order_id"], "total": 40 + place})
    return [
        {"role": "assistant", "content": "", "tool_calls": calls},
        *({"role": "tool", "tool_call_id": key, "content": result} for key in ids),
    ]


def _changed(messages: list[Message], case: str, rng: random.Random) -> list[Message]:
    """The conversation with one thing done to it, between the third and the tenth message."""
    at = rng.choice((4, 6, 8))
    if case == "lacks":
        return [*messages[:at], *messages[at + 2 :]]
    if case == "more":
        more = _round([("get_weather", {"order_id": "none", "city": "Oslo"})], 0, 99)
        return [*messages[:at], *more, *messages[at:]]
    if case == "other":
        call = messages[at]["tool_calls"][0]["function"]
        call["arguments"] = json.dumps({**json.loads(call["arguments"]), "page": 77})
    if case == "swapped":
        messages[at : at + 2], messages[at + 2 : at + 4] = messages[at + 2 : at + 4], messages[at : at + 2]
    return messages
