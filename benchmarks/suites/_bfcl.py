"""Rows of the function-calling leaderboard as traces: its schemas as JSON Schema, its allowed values as matchers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from traceeval.graph import TraceGraph, build_views
from traceeval.graph.views import CallsView
from traceeval.model import CallSpec, Generation, Json, Kind, Message, Reference, Span, ToolCall, ToolOffer, Trace

_TYPES = {"dict": "object", "float": "number", "tuple": "array", "any": None}

Answer = Mapping[str, Mapping[str, Sequence[Json]]]
Called = Mapping[str, Json]


def offers_of(row: Mapping[str, Any]) -> tuple[ToolOffer, ...]:
    """The functions of a row as they were offered: APIs take no dots in names."""
    return tuple(
        ToolOffer(name=name_of(f["name"]), description=f.get("description"), parameters=schema_of(f["parameters"]))
        for f in row["functions"]
    )


def name_of(name: str) -> str:
    """A function's name without dots."""
    return name.replace(".", "_")


def schema_of(rule: Json) -> Any:
    """The leaderboard's types as those of JSON Schema, everywhere in a schema."""
    if isinstance(rule, list):
        return [schema_of(one) for one in rule]
    if not isinstance(rule, dict):
        return rule
    found = {
        key: {name: schema_of(one) for name, one in value.items()} if key == "properties" else schema_of(value)
        for key, value in rule.items()
        if key not in ("default", "enum", "description", "type")
    }
    kept = {key: rule[key] for key in ("default", "enum", "description") if key in rule}
    kind = _TYPES.get(rule.get("type", "any"), rule.get("type"))
    return {**found, **kept, **({} if kind is None else {"type": kind})}


def spec_of(answer: Answer) -> CallSpec:
    """One expected call: each argument one of its allowed values; an empty string among them says it may be missing."""
    ((name, args),) = answer.items()
    return CallSpec(tool=name_of(name), args={key: _one_of(values) for key, values in args.items()})


def _one_of(values: Sequence[Json]) -> Json:
    allowed = {"$one_of": [_allowed(value) for value in values if value != ""]}
    return {"$optional": allowed} if "" in values else allowed


def _allowed(value: Json) -> Json:
    """Fields of an object list their own allowed values; all else stands for itself."""
    if isinstance(value, dict):
        return {key: _one_of(values) if isinstance(values, list) else values for key, values in value.items()}
    return [_allowed(item) for item in value] if isinstance(value, list) else value


def view_of(row: Mapping[str, Any], calls: Sequence[Called]) -> CallsView:
    """What the scorers see: these calls of the offered functions, against the answers of the row; no other call may run."""
    offers = offers_of(row)
    schemas = {offer.name: offer.parameters for offer in offers}
    made = [
        ToolCall(name=called, arguments=args, requested_by="m", parameters=schemas.get(called))
        for call in calls
        for called, args in ((name_of(name), args) for name, args in call.items())
    ]
    spans = (
        Span(id="m", kind=Kind.MODEL, body=Generation(tools=offers, output=Message(role="assistant"))),
        *(Span(id=f"c{n}", kind=Kind.TOOL, name=body.name, seq=n, body=body) for n, body in enumerate(made, 1)),
    )
    reference = Reference(calls=tuple(map(spec_of, row["ground_truth"])), extra_calls="forbid")
    trace = Trace(id=row["id"], spans=spans, schema_version="traceeval/1", reference=reference)
    return build_views(TraceGraph(trace)).calls
