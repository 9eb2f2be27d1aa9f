"""Tools as they were offered to a model: OpenAI, Anthropic and GenAI definitions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from traceeval.adapters._json import unwrap
from traceeval.model import Json, ToolOffer


def offers_of(values: Iterable[Json]) -> tuple[ToolOffer, ...] | None:
    """The tools of a list of definitions, each an object or JSON in a string; None when there are none."""
    return tuple(offer for value in values if (offer := _offer(unwrap(value)))) or None


def _offer(value: Json) -> ToolOffer | None:
    if not isinstance(value, Mapping):
        return None
    inner = value.get("function")
    inner = inner if isinstance(inner, Mapping) else value
    name = inner.get("name")
    if not isinstance(name, str) or not name:
        return None
    description, hints = inner.get("description"), value.get("annotations")
    return ToolOffer(
        name=name,
        description=description if isinstance(description, str) else None,
        parameters=schema_of(inner),
        hints=dict(hints) if isinstance(hints, Mapping) else None,
    )


def schema_of(holder: Mapping[str, Json]) -> Mapping[str, Json] | None:
    """The JSON Schema of a tool's arguments, under any of its names."""
    for key in ("parameters", "input_schema", "parameters_json_schema", "args_schema", "inputSchema"):
        value = unwrap(holder.get(key))
        if isinstance(value, Mapping):
            return dict(value)
    return None
