"""OpenTelemetry GenAI attributes to bodies, new and old, and the near relatives that grew out of the old ones.

Source: https://github.com/open-telemetry/semantic-conventions-genai (1.42, Development); legacy names up to 1.36;
pydantic-ai formats 2-5; the indexed ``gen_ai.prompt.N.*`` of OpenLLMetry. Read by key, never by schema version.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from traceeval.adapters._content import content
from traceeval.adapters._dialects._attributes import Attributes
from traceeval.adapters._documents import documents_of, hits_of
from traceeval.adapters._draft import Draft
from traceeval.adapters._json import as_text, unwrap
from traceeval.adapters._messages import arguments_of, messages_of, request_of
from traceeval.adapters._offers import offers_of
from traceeval.adapters._raw import Event, RawSpan
from traceeval.model import (
    Body,
    Generation,
    Hit,
    Json,
    Kind,
    Message,
    Retrieval,
    ToolCall,
    Usage,
    text_of,
)

NAME = "genai"
_KINDS = {
    "chat": Kind.MODEL,
    "generate_content": Kind.MODEL,
    "text_completion": Kind.MODEL,
    "embeddings": Kind.EMBED,
    "retrieval": Kind.RETRIEVAL,
    "execute_tool": Kind.TOOL,
    "invoke_agent": Kind.AGENT,
    "create_agent": Kind.AGENT,
    "invoke_workflow": Kind.AGENT,
    "plan": Kind.PLAN,
}
_SIGNS = (
    ("gen_ai.tool.name", Kind.TOOL),
    ("gen_ai.retrieval.documents", Kind.RETRIEVAL),
    ("gen_ai.request.model", Kind.MODEL),
    ("gen_ai.prompt", Kind.MODEL),
    ("gen_ai.completion", Kind.MODEL),
)
_ALWAYS = ("gen_ai.operation.name", "gen_ai.agent.name", "gen_ai.conversation.id", "agent_name", "logfire.")
_MAPPED = {
    Kind.MODEL: (
        "gen_ai.input.messages",
        "gen_ai.output.messages",
        "gen_ai.system_instructions",
        "gen_ai.prompt",
        "gen_ai.completion",
        "gen_ai.tool.definitions",
        "gen_ai.usage.",
        "gen_ai.request.model",
        "gen_ai.response.model",
        "gen_ai.response.finish_reasons",
        "model_request_parameters",
    ),
    Kind.RETRIEVAL: ("gen_ai.retrieval.", "gen_ai.data_source.id"),
    Kind.TOOL: ("gen_ai.tool.", "tool_arguments", "tool_response"),
    Kind.AGENT: ("pydantic_ai.all_messages", "all_messages_events", "final_result", "gen_ai.system_instructions"),
}
_EVENT_ROLES = {
    "gen_ai.system.message": "system",
    "gen_ai.user.message": "user",
    "gen_ai.assistant.message": "assistant",
    "gen_ai.tool.message": "tool",
}


def read(span: RawSpan, limit: int | None) -> Draft | None:
    """What the attributes say; None when they are not of this dialect."""
    a = Attributes(span.attributes)
    if not a.has("gen_ai."):
        return None
    operation = a.text("gen_ai.operation.name")
    kind = _kind(operation) if operation else next((kind for sign, kind in _SIGNS if a.has(sign)), Kind.OTHER)
    return Draft(
        raw=span,
        dialect=NAME,
        kind=kind,
        body=_body(kind, a, span, limit),
        usage=_usage(a) if kind in (Kind.MODEL, Kind.EMBED) else None,
        agent=a.text("gen_ai.agent.name", "agent_name"),
        session=a.text("gen_ai.conversation.id", "session.id"),
        input=a.get("gen_ai.input.messages", "pydantic_ai.all_messages", "all_messages_events", "gen_ai.prompt"),
        output=a.get("gen_ai.output.messages", "final_result", "gen_ai.completion"),
        mapped=(*_ALWAYS, *_MAPPED.get(kind, ())),
    )


def _kind(operation: str) -> Kind:
    return _KINDS.get(operation) or (Kind.MEMORY if "memory" in operation else Kind.OTHER)


def _body(kind: Kind, a: Attributes, span: RawSpan, limit: int | None) -> Body | None:
    if kind is Kind.MODEL:
        return generation(a, span.events, limit)
    if kind is Kind.RETRIEVAL:
        return _retrieval(a, limit)
    return _tool(a, span, limit) if kind is Kind.TOOL else None


def generation(a: Attributes, events: Iterable[Event] = (), limit: int | None = None) -> Generation:
    """One model call. Prompts whose every text was withheld are None: only their roles were recorded."""
    events = list(events)
    said = (*_system(a, limit), *(_said(a, events, limit) or ()))
    written = _written(a, events, limit)
    finish = a.json("gen_ai.response.finish_reasons")
    finish = finish[0] if isinstance(finish, list) and finish else finish or None
    return Generation(
        model=a.text("gen_ai.response.model", "gen_ai.request.model"),
        messages=said if any(_says_something(message) for message in said) else None,
        output=written,
        tools=offers_of(_listed(a.json("gen_ai.tool.definitions"))),
        finish=finish if isinstance(finish, str) else None,
    )


def _listed(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []


def _says_something(message: Message) -> bool:
    return text_of(message.content) is not None or message.content is not None


def _system(a: Attributes, limit: int | None) -> Iterator[Message]:
    instructions = a.json("gen_ai.system_instructions")
    if isinstance(instructions, str):
        yield Message(role="system", content=content(instructions, limit))
    elif isinstance(instructions, list):
        yield from messages_of([{"role": "system", "parts": instructions}], limit) or ()


def _said(a: Attributes, events: list[Event], limit: int | None) -> tuple[Message, ...] | None:
    value = a.get("gen_ai.input.messages", "gen_ai.prompt") or _of_content_event(events, "prompt")
    found = messages_of(value, limit) or _indexed(a, "gen_ai.prompt", limit) or _of_events(events, limit)
    if found is None and isinstance(value, str):
        return (Message(role="user", content=content(value, limit)),)
    return found


def _written(a: Attributes, events: list[Event], limit: int | None) -> Message | None:
    value = a.get("gen_ai.output.messages", "gen_ai.completion") or _of_content_event(events, "completion")
    found = messages_of(value, limit) or _indexed(a, "gen_ai.completion", limit) or _of_choice(events, limit)
    if found:
        return found[0]
    decoded = unwrap(value)
    text = decoded.get("text", decoded.get("content")) if isinstance(decoded, Mapping) else decoded
    return Message(role="assistant", content=content(text, limit)) if isinstance(text, str) else None


def _indexed(a: Attributes, prefix: str, limit: int | None) -> tuple[Message, ...] | None:
    """``gen_ai.prompt.0.role``, ``gen_ai.prompt.0.content``, … as OpenLLMetry writes them."""
    found: list[Message] = []
    for item in a.items(prefix):
        calls = tuple(request_of(call.flat) for call in item.items("tool_calls"))
        role = item.text("role") or ("assistant" if prefix.endswith("completion") else "user")
        text = content(item.get("content"), limit)
        found.append(Message(role=role, content=text, tool_calls=calls, tool_call_id=item.text("tool_call_id")))
    return tuple(found) or None


def _of_events(events: list[Event], limit: int | None) -> tuple[Message, ...] | None:
    """One span event per message, as conventions up to 1.36 had them."""
    bodies = [{"role": role, **_event_body(e)} for e in events if (role := _EVENT_ROLES.get(e.name))]
    return messages_of([{**body, "tool_call_id": body.get("id")} for body in bodies], limit) if bodies else None


def _of_choice(events: list[Event], limit: int | None) -> tuple[Message, ...] | None:
    for event in events:
        if event.name == "gen_ai.choice":
            body = _event_body(event)
            message = unwrap(body.get("message"))
            message = message if isinstance(message, Mapping) else body
            return messages_of([{"role": "assistant", "content": None, **message}], limit)
    return None


def _event_body(event: Event) -> dict[str, Json]:
    body = unwrap(event.attributes.get("body", event.attributes.get("event_body")))
    fields = dict(body) if isinstance(body, Mapping) else dict(event.attributes)
    fields["tool_calls"] = unwrap(fields.get("tool_calls"))
    return fields


def _of_content_event(events: list[Event], what: str) -> Json:
    named = (e.attributes.get(f"gen_ai.{what}") for e in events if e.name == f"gen_ai.content.{what}")
    return next(named, None)


def _usage(a: Attributes) -> Usage | None:
    """Of this call only: ``gen_ai.aggregated_usage.*`` is a sum over calls and never added."""
    usage = Usage(
        input=a.number("gen_ai.usage.input_tokens", "gen_ai.usage.prompt_tokens"),
        output=a.number("gen_ai.usage.output_tokens", "gen_ai.usage.completion_tokens"),
        cache_read=a.number("gen_ai.usage.cache_read.input_tokens", "gen_ai.usage.details.cache_read_tokens"),
        cache_write=a.number("gen_ai.usage.cache_creation.input_tokens", "gen_ai.usage.details.cache_write_tokens"),
        reasoning=a.number("gen_ai.usage.reasoning.output_tokens", "gen_ai.usage.details.reasoning_tokens"),
        cost=a.real("gen_ai.usage.cost", "operation.cost"),
    )
    return None if usage == Usage() else usage


def _retrieval(a: Attributes, limit: int | None) -> Retrieval:
    listed = a.json("gen_ai.retrieval.documents")
    hits: tuple[Hit, ...] | None = None
    found = documents_of(listed, loose=True)
    if found or listed == []:
        hits = hits_of(found or [], limit=limit)
    return Retrieval(
        query=content(a.get("gen_ai.retrieval.query.text"), limit),
        hits=hits,
        source=a.text("gen_ai.data_source.id"),
        top_k=a.number("gen_ai.retrieval.top_k", "gen_ai.request.top_k"),
    )


def _tool(a: Attributes, span: RawSpan, limit: int | None) -> ToolCall:
    arguments, raw = arguments_of(a.get("gen_ai.tool.call.arguments", "tool_arguments"))
    result = as_text(a.get("gen_ai.tool.call.result", "tool_response"))
    return ToolCall(
        name=a.text("gen_ai.tool.name") or span.name,
        arguments=arguments,
        raw=raw,
        result=content(result, limit),
        call_id=a.text("gen_ai.tool.call.id"),
        description=a.text("gen_ai.tool.description"),
    )
