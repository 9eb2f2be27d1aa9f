"""Python functions as tools: their schema from their signature, their arguments checked before they run."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import msgspec

from traceeval.errors import ConfigError, TraceevalError
from traceeval.measures.schema import problems
from traceeval.model import Json, ToolOffer, ToolRequest
from traceeval.replay._events import ToolResult, failed

_TOLD = 5


class ToolError(TraceevalError, RuntimeError):
    """What a mock raises when the tool says no: the agent sees the text as an error result."""


class Functions:
    """Functions by name. ``running``: the one that runs, or that raised what a tool must not: then the mock is broken."""

    def __init__(self, functions: Mapping[str, Callable[..., Json]] | Iterable[Callable[..., Json]]) -> None:
        named = functions if isinstance(functions, Mapping) else {one.__name__: one for one in functions}
        self._functions = dict(named)
        self.offers = tuple(offer_of(name, function) for name, function in named.items())
        self._schemas = {offer.name: offer.parameters or {} for offer in self.offers}
        self.running: str | None = None

    def call(self, request: ToolRequest, span: str) -> ToolResult:
        """Run one; what cannot run is an error the agent sees."""
        refused = self.refusal(request)
        if refused is not None:
            return refused
        self.running = request.name
        try:
            value = self._functions[request.name](**request.arguments)
        except ToolError as error:
            value = failed("tool_error", str(error))
        self.running = None
        return value if isinstance(value, ToolResult) else ToolResult(text=as_text(value))

    def refusal(self, request: ToolRequest) -> ToolResult | None:
        """Why a call cannot run; None when it can."""
        return refusal_of(request, self._schemas)


def refusal_of(request: ToolRequest, schemas: Mapping[str, Mapping[str, Json]]) -> ToolResult | None:
    """Why a call cannot run: no such tool, arguments that are no object or do not fit its schema; None when it can."""
    if request.name not in schemas:
        known = ", ".join(schemas)
        return failed("unknown_tool", f"there is no tool {request.name[:100]!r}; there are: {known}")
    if not isinstance(request.arguments, dict):
        return failed("invalid_arguments", "the arguments are no JSON object")
    wrong = [f"{path or 'arguments'}: {why}" for path, why, _ in _wrong(request, schemas[request.name])]
    return failed("invalid_arguments", "; ".join(wrong[:_TOLD])) if wrong else None


def _wrong(request: ToolRequest, schema: Mapping[str, Json]) -> Iterable[tuple[str, str, bool]]:
    unknown = [key for key in request.arguments if key not in schema.get("properties", {})]
    if unknown and schema.get("additionalProperties") is False:
        return [(key, "the tool has no such argument", False) for key in unknown]
    return problems(request.arguments, schema)


def as_text(value: Json) -> str:
    """A result as the agent sees it: a text as it is, anything else as JSON.

    Raises:
        TypeError: the mock returned what is no JSON.
    """
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def offer_of(name: str, function: Callable[..., Any]) -> ToolOffer:
    """A function as it is offered: the first paragraph of its docstring, and the schema of its parameters.

    Raises:
        ConfigError: it takes parameters no JSON object can name.
    """
    told = (inspect.getdoc(function) or "").split("\n\n")[0]
    return ToolOffer(name=name, description=told or None, parameters=_schema(name, *_signature(name, function)))


def _signature(name: str, function: Callable[..., Any]) -> tuple[str, Any]:
    """How a signature reads, by which its schema is remembered, and what it is."""
    found = inspect.signature(function, eval_str=True)
    for parameter in found.parameters.values():
        if parameter.kind not in (parameter.POSITIONAL_OR_KEYWORD, parameter.KEYWORD_ONLY):
            raise ConfigError(f"tool {name}: {parameter} cannot be called by name; give every parameter a name")
    return str(found), found


_SCHEMAS: dict[tuple[str, str], dict[str, Any]] = {}


def _schema(name: str, text: str, signature: inspect.Signature) -> dict[str, Any]:
    """The JSON Schema of a signature, made once: a nursery makes it for all its trials."""
    from pydantic import ConfigDict, PydanticUserError, create_model

    known = _SCHEMAS.get((name, text))
    if known is not None:
        return known
    fields: dict[str, Any] = {}
    for parameter in signature.parameters.values():
        kind = Any if parameter.annotation is parameter.empty else parameter.annotation
        fields[parameter.name] = (kind, ... if parameter.default is parameter.empty else parameter.default)
    try:
        schema = create_model(name, __config__=ConfigDict(extra="forbid"), **fields).model_json_schema()
    except (PydanticUserError, NameError) as error:
        raise ConfigError(f"tool {name}: its signature has no JSON Schema: {error}") from error
    found = _SCHEMAS[name, text] = _bare(schema)
    return found


def _bare(schema: dict[str, Any]) -> dict[str, Any]:
    """Without the titles pydantic adds: they say nothing the names do not."""
    listed = {
        key: {k: v for k, v in rule.items() if k != "title"} for key, rule in schema.get("properties", {}).items()
    }
    return {**{k: v for k, v in schema.items() if k != "title"}, "properties": listed}
