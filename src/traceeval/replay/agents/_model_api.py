"""What is sent to an OpenAI-compatible endpoint and what comes back: chat completions, and the responses API."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from traceeval.model import Json, Message, ToolOffer, ToolRequest, Usage
from traceeval.replay.agents._wire import request_of


class Answer(msgspec.Struct):
    """What a model wrote: text, the calls it asks for, what it used, and itself as the next request repeats it."""

    text: str
    requests: tuple[ToolRequest, ...]
    usage: Usage | None
    again: list[Json]


class Chat:
    """Chat completions."""

    path = "/chat/completions"

    @staticmethod
    def opening(instructions: str, words: str) -> list[Json]:
        """The first messages."""
        lead = [{"role": "system", "content": instructions}] if instructions else []
        return [*lead, {"role": "user", "content": words}]

    @staticmethod
    def body(items: Sequence[Json], tools: Sequence[ToolOffer]) -> dict[str, Json]:
        """What is sent."""
        offered = [{"type": "function", "function": _function(tool)} for tool in tools]
        return {"messages": list(items), **({"tools": offered} if offered else {})}

    @staticmethod
    def read(data: Json) -> Answer:
        """What came back."""
        message, used = data["choices"][0]["message"], data.get("usage")
        calls = message.get("tool_calls") or []
        requests = tuple(
            request_of(call["function"]["name"], call["function"].get("arguments") or "{}", call["id"])
            for call in calls
        )
        again = {"role": "assistant", "content": message.get("content"), **({"tool_calls": calls} if calls else {})}
        usage = Usage(input=used.get("prompt_tokens"), output=used.get("completion_tokens")) if used else None
        return Answer(message.get("content") or "", requests, usage, [again])

    @staticmethod
    def result(id: str | None, text: str) -> Json:
        """What a call brought back."""
        return {"role": "tool", "tool_call_id": id, "content": text}

    @staticmethod
    def prompt(body: Json) -> tuple[Message, ...]:
        """What a request sends, as messages."""
        return tuple(_message(one) for one in body["messages"])


class Responses:
    """The responses API."""

    path = "/responses"

    @staticmethod
    def opening(instructions: str, words: str) -> list[Json]:
        """The first items."""
        return Chat.opening(instructions, words)

    @staticmethod
    def body(items: Sequence[Json], tools: Sequence[ToolOffer]) -> dict[str, Json]:
        """What is sent."""
        offered = [{"type": "function", **_function(tool)} for tool in tools]
        return {"input": list(items), "store": False, **({"tools": offered} if offered else {})}

    @staticmethod
    def read(data: Json) -> Answer:
        """What came back."""
        items, used = data["output"], data.get("usage")
        calls = [item for item in items if item["type"] == "function_call"]
        texts = [
            part["text"]
            for item in items
            if item["type"] == "message"
            for part in item["content"]
            if part["type"] == "output_text"
        ]
        requests = tuple(request_of(one["name"], one.get("arguments") or "{}", one["call_id"]) for one in calls)
        usage = Usage(input=used.get("input_tokens"), output=used.get("output_tokens")) if used else None
        return Answer("".join(texts), requests, usage, list(items))

    @staticmethod
    def result(id: str | None, text: str) -> Json:
        """What a call brought back."""
        return {"type": "function_call_output", "call_id": id, "output": text}

    @staticmethod
    def prompt(body: Json) -> tuple[Message, ...]:
        """What a request sends, as messages."""
        given = body["input"]
        items = [{"role": "user", "content": given}] if isinstance(given, str) else given
        lead = [{"role": "system", "content": body["instructions"]}] if body.get("instructions") else []
        return tuple(_item(one) for one in (*lead, *items))


def _function(tool: ToolOffer) -> dict[str, Json]:
    parameters = tool.parameters or {"type": "object", "properties": {}}
    return {"name": tool.name, "description": tool.description or "", "parameters": dict(parameters)}


def _message(one: Json) -> Message:
    calls = [
        request_of(call["function"]["name"], call["function"].get("arguments") or "{}", call["id"])
        for call in one.get("tool_calls") or ()
    ]
    content, id = _words(one.get("content")), one.get("tool_call_id")
    return Message(role=one["role"], content=content, tool_calls=tuple(calls), tool_call_id=id)


def _item(one: Json) -> Message:
    kind = one.get("type", "message")
    if kind == "function_call":
        call = request_of(one["name"], one.get("arguments") or "{}", one["call_id"])
        return Message(role="assistant", tool_calls=(call,))
    if kind == "function_call_output":
        return Message(role="tool", content=_words(one["output"]), tool_call_id=one["call_id"])
    return Message(role=one.get("role", "assistant"), content=_words(one.get("content")))


def _words(content: Json) -> str | None:
    """A content as text; parts that are no text are left out."""
    if content is None or isinstance(content, str):
        return content
    parts: Iterable[Json] = content
    return "".join(part["text"] for part in parts if isinstance(part.get("text"), str))
