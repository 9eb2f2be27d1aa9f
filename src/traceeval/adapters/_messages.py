"""Chat messages in the shapes frameworks write them: OpenAI, LangChain (plain, ``data`` or ``lc``), GenAI parts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from traceeval.adapters._content import content
from traceeval.adapters._json import as_text, unwrap
from traceeval.model import Content, Json, Message, ToolRequest

Object: TypeAlias = Mapping[str, Any]
_ROLES = {
    "human": "user",
    "user": "user",
    "ai": "assistant",
    "assistant": "assistant",
    "model": "assistant",
    "aimessagechunk": "assistant",
    "system": "system",
    "developer": "system",
    "tool": "tool",
    "function": "tool",
}
_TEXT_PARTS = {"text", "input_text", "output_text", "refusal"}
_THOUGHTS = {"reasoning", "thinking"}
_CALLS = {"tool_call", "tool_use"}
_RESULTS = {"tool_call_response", "tool_result"}


def messages_of(value: Json, limit: int | None = None) -> tuple[Message, ...] | None:
    """The messages of a list, of ``{"messages": …}``, or of one message object; None when it holds none."""
    value = unwrap(value)
    if isinstance(value, Mapping) and isinstance(value.get("messages"), list):
        value = value["messages"]
    if isinstance(value, list) and len(value) == 1 and isinstance(value[0], list):
        value = value[0]  # LangChain batches prompts
    listed = value if isinstance(value, list) else [value]
    found = tuple(message for item in listed for message in _of_item(unwrap(item), limit))
    return found or None


def _of_item(item: Json, limit: int | None) -> Iterator[Message]:
    holder = unenveloped(item)
    if holder is None:
        return
    role = _ROLES.get(str(holder.get("role") or holder.get("type") or "").lower())
    if role is None:
        return
    parts = holder.get("parts", holder.get("content"))
    if isinstance(parts, list):
        yield from _of_parts(role, holder, parts, limit)
    elif "content" in holder or "tool_calls" in holder or "parts" in holder or "function_call" in holder:
        yield _message(role, holder, content(parts, limit), requests_of(holder))


def unenveloped(item: Json) -> Object | None:
    """The fields of an object, out of LangChain's ``lc`` or ``data`` envelope; read as data, never built."""
    if not isinstance(item, Mapping):
        return None
    if item.get("lc") == 1 and isinstance(item.get("kwargs"), Mapping):
        fields: Object = item["kwargs"]
        names = item.get("id")
        if "type" not in fields and isinstance(names, list) and names:
            return {**fields, "type": str(names[-1]).removesuffix("Message").lower()}
        return fields
    data = item.get("data")
    if isinstance(data, Mapping) and "type" in item:
        return {"type": item["type"], **data}
    return item


def _message(
    role: str, holder: Object, text: Content, calls: tuple[ToolRequest, ...], reasoning: Content = None
) -> Message:
    call_id, name = holder.get("tool_call_id"), holder.get("name")
    return Message(
        role=role,
        content=text,
        tool_calls=calls,
        tool_call_id=call_id if isinstance(call_id, str) else None,
        name=name if isinstance(name, str) else None,
        reasoning=reasoning,
    )


def _of_parts(role: str, holder: Object, parts: list[Any], limit: int | None) -> Iterator[Message]:
    """One message of the texts and calls, then one tool message per result, which GenAI puts in the user role."""
    texts: list[str] = []
    thoughts: list[str] = []
    calls: list[ToolRequest] = list(requests_of(holder))
    results: list[Message] = []
    spoke = not parts
    for part in parts:
        part = {"type": "text", "text": part} if isinstance(part, str) else part
        if not isinstance(part, Mapping):
            continue
        kind = str(part.get("type") or "text")
        if kind in _CALLS:
            calls.append(request_of(part))
        elif kind in _RESULTS:
            results.append(_result(part, limit))
        elif kind in _THOUGHTS:
            _add(thoughts, part, "content", "text", "thinking", "reasoning")
        else:
            spoke = True
            if kind in _TEXT_PARTS:
                _add(texts, part, "text", "content")
    if spoke or calls or thoughts or not results:
        text = content("\n".join(texts), limit) if texts else None
        yield _message(role, holder, text, tuple(calls), content("\n".join(thoughts), limit) if thoughts else None)
    yield from results


def _add(texts: list[str], part: Object, *keys: str) -> None:
    texts.extend(text for key in keys[:] if isinstance(text := part.get(key), str))


def _result(part: Object, limit: int | None) -> Message:
    value = next((part[key] for key in ("response", "result", "content") if part.get(key) is not None), None)
    call_id, name = part.get("id") or part.get("tool_use_id"), part.get("name")
    return Message(
        role="tool",
        content=content(value, limit),
        tool_call_id=call_id if isinstance(call_id, str) else None,
        name=name if isinstance(name, str) else None,
    )


def requests_of(holder: Object) -> tuple[ToolRequest, ...]:
    """The calls an assistant message asks for."""
    listed = holder.get("tool_calls")
    legacy = holder.get("function_call")
    if not isinstance(listed, list):
        listed = [legacy] if isinstance(legacy, Mapping) else []
    return tuple(request_of(item) for item in listed if isinstance(item, Mapping))


def request_of(item: Object) -> ToolRequest:
    """One requested call, with its arguments decoded; ``raw`` keeps what did not parse."""
    function = item.get("function")
    inner: Object = function if isinstance(function, Mapping) else item
    id_ = item.get("id") or item.get("call_id")
    given = next(
        (inner[key] for key in ("arguments", "args", "input", "parameters") if inner.get(key) is not None), None
    )
    arguments, raw = arguments_of(given)
    return ToolRequest(
        name=str(inner.get("name") or ""), id=id_ if isinstance(id_, str) else None, arguments=arguments, raw=raw
    )


def arguments_of(value: Json) -> tuple[Json, str | None]:
    """(arguments, raw): an object or list once decoded; else None and what was recorded instead."""
    decoded = unwrap(value)
    if isinstance(decoded, Mapping | list):
        return decoded, None
    return None, as_text(decoded)
