"""Arguments against a tool's JSON Schema. The schema comes from a trace: nothing it refers to is fetched."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import msgspec

from traceeval.model import Json

_ENCODER = msgspec.json.Encoder(order="deterministic")
_NUMERIC = re.compile(r"-?\d+(?:\.\d+)?")


def problems(arguments: Json, schema: Mapping[str, Json]) -> tuple[tuple[str, str, bool], ...]:
    """(path, message, coercible) of every violation; empty when the arguments are valid or the schema is no schema.

    Properties the schema does not list are violations unless it allows them in so many words.
    """
    validator = _validator(_ENCODER.encode(schema))
    if validator is None:
        return ()
    found = [
        (".".join(map(str, error.absolute_path)), error.message[:200], _coercible(error))
        for error in validator.iter_errors(arguments)
    ]
    return (*found, *_unlisted(arguments, schema))


@lru_cache(maxsize=512)
def _validator(encoded: bytes) -> Any:
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import SchemaError
    from referencing import Registry

    schema = msgspec.json.decode(encoded)
    try:
        Draft202012Validator.check_schema(schema)
    except SchemaError:
        return None
    if b'"$ref"' in encoded and re.search(rb'"\$ref":"(?!#)', encoded):
        return None
    return Draft202012Validator(schema, registry=Registry())


def _coercible(error: Any) -> bool:
    """Whether a wrong type would be right after the usual coercions: a number in a string, a number as a string."""
    if error.validator != "type":
        return False
    wanted = {error.validator_value} if isinstance(error.validator_value, str) else set(error.validator_value)
    value = error.instance
    if isinstance(value, str):
        return bool(wanted & {"number", "integer"} and _NUMERIC.fullmatch(value)) or (
            "boolean" in wanted and value.lower() in ("true", "false")
        )
    return "string" in wanted and isinstance(value, int | float) and not isinstance(value, bool)


def _unlisted(arguments: Json, schema: Mapping[str, Json]) -> tuple[tuple[str, str, bool], ...]:
    listed = schema.get("properties")
    if not isinstance(arguments, dict) or not isinstance(listed, dict) or not listed:
        return ()
    if "additionalProperties" in schema or "patternProperties" in schema:
        return ()
    return tuple((str(key), "the schema has no such argument", False) for key in arguments if key not in listed)
