"""OpenInference attributes to bodies.

Source: https://github.com/Arize-ai/openinference/blob/main/spec/semantic_conventions.md (August 2026).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from traceeval.adapters._content import content
from traceeval.adapters._dialects._attributes import Attributes
from traceeval.adapters._documents import documents_of, hits_of
from traceeval.adapters._draft import Draft
from traceeval.adapters._json import as_text, unwrap
from traceeval.adapters._messages import arguments_of, messages_of, unenveloped
from traceeval.adapters._offers import offers_of, schema_of
from traceeval.adapters._raw import RawSpan
from traceeval.model import (
    Body,
    Content,
    Generation,
    Hit,
    Json,
    Kind,
    Message,
    Partial,
    Rerank,
    Retrieval,
    ToolCall,
    ToolRequest,
    Usage,
)

NAME = "openinference"
_ROOTS = ("llm.", "retrieval", "reranker", "message", "evaluations", "llm")
_KINDS = {
    "LLM": Kind.MODEL,
    "RETRIEVER": Kind.RETRIEVAL,
    "RERANKER": Kind.RERANK,
    "TOOL": Kind.TOOL,
    "AGENT": Kind.AGENT,
    "GUARDRAIL": Kind.GUARD,
    "EMBEDDING": Kind.EMBED,
    "CHAIN": Kind.OTHER,
    "PROMPT": Kind.OTHER,
}
_SIGNS = (("retrieval.documents", Kind.RETRIEVAL), ("reranker.", Kind.RERANK), ("llm.", Kind.MODEL))
_ALWAYS = ("openinference.span.kind", "session.id", "agent.name")
_IO = ("input.", "output.")
_MAPPED = {
    Kind.MODEL: ("llm.input_messages", "llm.output_messages", "llm.tools", "llm.token_count", "llm.model_name", *_IO),
    Kind.RETRIEVAL: ("retrieval.documents", *_IO),
    Kind.RERANK: ("reranker.", *_IO),
    Kind.TOOL: ("tool.", "tool_call.", *_IO),
}


def read(span: RawSpan, limit: int | None) -> Draft | None:
    """What the attributes say; None when they are not of this dialect."""
    a = Attributes(span.attributes, _ROOTS)
    named = a.text("openinference.span.kind")
    kind = _KINDS.get(named.upper(), Kind.OTHER) if named else _by_signs(a)
    if kind is None:
        return None
    return Draft(
        raw=span,
        dialect=NAME,
        kind=kind,
        body=_body(kind, a, span, limit),
        usage=_usage(a),
        agent=a.text("agent.name"),
        session=a.text("session.id"),
        input=a.get("input.value"),
        output=a.get("output.value"),
        mapped=(*_ALWAYS, *_MAPPED.get(kind, ())),
    )


def _by_signs(a: Attributes) -> Kind | None:
    return next((kind for sign, kind in _SIGNS if a.has(sign)), None)


def _body(kind: Kind, a: Attributes, span: RawSpan, limit: int | None) -> Body | None:
    if kind is Kind.MODEL:
        return generation(a, limit)
    if kind is Kind.RETRIEVAL:
        return _retrieval(a, limit)
    if kind is Kind.RERANK:
        return _rerank(a, limit)
    return _tool(a, span, limit) if kind is Kind.TOOL else None


def generation(a: Attributes, limit: int | None = None) -> Generation:
    """One model call; where the message attributes are missing, the JSON of ``input.value`` and ``output.value``."""
    said = tuple(_message(item, limit) for item in a.items("llm.input_messages"))
    written = [_message(item, limit) for item in a.items("llm.output_messages")]
    settings = a.json("llm.invocation_parameters")
    settings = settings if isinstance(settings, Mapping) else {}
    model = a.text("llm.model_name") or settings.get("model") or settings.get("model_name")
    return Generation(
        model=str(model) if model else None,
        messages=said or _prompt(a, limit),
        output=written[0] if written else _output(a, limit),
        tools=offers_of(item.get("tool.json_schema", "") for item in a.items("llm.tools"))
        or offers_of(settings.get("tools") or ()),
        finish=a.text("llm.finish_reason"),
    )


def _message(item: Attributes, limit: int | None) -> Message:
    parts = item.items("message.contents")
    texts = [said for part in parts if (said := part.text("message_content.text")) is not None]
    value = item.get("message.content")
    text = content("\n".join(texts) if value is None and texts else value, limit)
    calls = tuple(_request(call) for call in item.items("message.tool_calls"))
    return Message(
        role=item.text("message.role") or "user",
        content=text,
        tool_calls=calls,
        tool_call_id=item.text("message.tool_call_id"),
        name=item.text("message.name"),
    )


def _request(call: Attributes) -> ToolRequest:
    arguments, raw = arguments_of(call.get("tool_call.function.arguments"))
    return ToolRequest(
        name=call.text("tool_call.function.name") or "", id=call.text("tool_call.id"), arguments=arguments, raw=raw
    )


def _prompt(a: Attributes, limit: int | None) -> tuple[Message, ...] | None:
    prompts = [text for item in a.items("llm.prompts") if (text := item.text("prompt.text", ""))]
    if prompts:
        return tuple(Message(role="user", content=content(text, limit)) for text in prompts)
    value = a.get("input.value")
    found = messages_of(value, limit)
    return found or ((Message(role="user", content=content(value, limit)),) if _is_plain(value) else None)


def _output(a: Attributes, limit: int | None) -> Message | None:
    value = a.get("output.value")
    decoded = unwrap(value)
    if isinstance(decoded, Mapping) and isinstance(decoded.get("generations"), list):
        decoded = decoded["generations"]
        while isinstance(decoded, list) and decoded:
            decoded = decoded[0]
        decoded = decoded.get("message", decoded) if isinstance(decoded, Mapping) else decoded
    found = messages_of(decoded, limit)
    if found:
        return found[-1]
    text = decoded.get("text") if isinstance(decoded, Mapping) else value if _is_plain(value) else None
    return Message(role="assistant", content=content(text, limit)) if text is not None else None


def _is_plain(value: Json) -> bool:
    return isinstance(value, str) and value != "" and not isinstance(unwrap(value), dict | list)


def _usage(a: Attributes) -> Usage | None:
    usage = Usage(
        input=a.number("llm.token_count.prompt"),
        output=a.number("llm.token_count.completion"),
        cache_read=a.number("llm.token_count.prompt_details.cache_read"),
        cache_write=a.number("llm.token_count.prompt_details.cache_write"),
        reasoning=a.number("llm.token_count.completion_details.reasoning"),
        cost=a.real("llm.cost.total"),
    )
    return None if usage == Usage() else usage


def _retrieval(a: Attributes, limit: int | None) -> Retrieval:
    output = unwrap(a.get("output.value"))
    beside = documents_of(output) or []
    listed = [_document(item) for item in a.items("retrieval.documents")]
    hits: tuple[Hit, ...] | None = hits_of(listed, beside, limit=limit) if listed else None
    if hits is None and beside:
        hits = hits_of(beside, first="output", limit=limit)
    elif hits is None and _nothing(output):
        hits = ()
    if hits and limit is not None and len(as_text(a.get("output.value")) or "") >= limit:
        hits = tuple(msgspec.structs.replace(h, text=Partial(state="cut")) if h.text is None else h for h in hits)
    return Retrieval(query=_query(a.get("input.value"), limit), hits=hits, top_k=a.number("retrieval.top_k"))


def _nothing(output: Json) -> bool:
    """Whether an output says that nothing was found: an empty list, or an object of one."""
    if isinstance(output, Mapping):
        return any(output.get(key) == [] for key in ("documents", "docs", "results", "hits"))
    return isinstance(output, list) and not output


def _query(value: Json, limit: int | None) -> Content:
    decoded = unwrap(value)
    if isinstance(decoded, Mapping):
        value = next(
            (decoded[key] for key in ("query", "question", "input") if isinstance(decoded.get(key), str)), value
        )
    return content(value, limit)


def _document(item: Attributes) -> dict[str, Any]:
    """One ``document.*`` group as an object; absent fields are left out."""
    return {
        key: value
        for key in ("id", "content", "score", "metadata")
        if (value := item.get(f"document.{key}")) is not None
    }


def _rerank(a: Attributes, limit: int | None) -> Rerank:
    before = [_document(item) for item in a.items("reranker.input_documents") or a.items("input.documents")]
    after = [_document(item) for item in a.items("reranker.output_documents") or a.items("output.documents")]
    asked, given = documents_of(a.get("input.value")) or [], documents_of(a.get("output.value")) or []
    return Rerank(
        query=content(a.get("reranker.query"), limit),
        model=a.text("reranker.model_name"),
        before=hits_of(before, asked, limit=limit) if before else hits_of(asked, first="output", limit=limit) or None,
        after=hits_of(after, given, limit=limit) if after else hits_of(given, first="output", limit=limit) or None,
        top_k=a.number("reranker.top_k"),
    )


def _tool(a: Attributes, span: RawSpan, limit: int | None) -> ToolCall:
    given = unwrap(a.get("input.value"))
    call_id = a.text("tool_call.id", "tool.id")
    if isinstance(given, Mapping) and given.get("type") == "tool_call" and "args" in given:
        call_id = call_id or (str(given["id"]) if given.get("id") else None)
        given = given["args"]
    arguments, raw = arguments_of(given)
    result, inner_id = _result(a.get("output.value"), limit)
    parameters = a.json("tool.parameters")
    schema = schema_of({"parameters": parameters}) if _is_schema(parameters) else None
    if given is None and schema is None and isinstance(parameters, Mapping):
        arguments = dict(parameters)
    return ToolCall(
        name=a.text("tool.name") or span.name,
        arguments=arguments,
        raw=raw,
        result=result,
        call_id=call_id or inner_id,
        description=a.text("tool.description"),
        parameters=schema or schema_of({"parameters": a.get("tool.json_schema")}),
    )


def _is_schema(value: Json) -> bool:
    return isinstance(value, Mapping) and (value.get("type") == "object" or "properties" in value)


def _result(value: Json, limit: int | None) -> tuple[Content, str | None]:
    """(result, call id) of an output, which LangChain wraps in a tool message."""
    holder = unenveloped(unwrap(value))
    if holder is not None and holder.get("type") == "tool" and "content" in holder:
        call_id = holder.get("tool_call_id")
        return content(as_text(holder["content"]), limit), call_id if isinstance(call_id, str) else None
    return content(value, limit), None
