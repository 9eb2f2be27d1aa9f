"""Arguments against a tool's JSON Schema. The schema comes from a trace, so it may be written to harm.

Nothing it refers to is fetched, its patterns are matched in linear time, and its references are followed a bounded
number of times.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

import msgspec

from traceeval.errors import ConfigError
from traceeval.measures.patterns import found_in
from traceeval.model import Json

_ENCODER = msgspec.json.Encoder(order="deterministic")
_NUMERIC = re.compile(r"-?\d+(?:\.\d+)?")
_MOST_REFERENCES = 10_000


def problems(arguments: Json, schema: Mapping[str, Json]) -> tuple[tuple[str, str, bool], ...]:
    """(path, message, coercible) of every violation; empty when the arguments are valid or the schema is no schema.

    Properties the schema does not list are violations unless it allows them in so many words.
    """
    validator = _validator(_ENCODER.encode(schema))
    if validator is None:
        return ()
    try:
        found = [
            (".".join(map(str, error.absolute_path)), error.message[:200], _coercible(error))
            for error in validator(arguments)
        ]
    except (_Endless, RecursionError):
        return ()
    return (*found, *_unlisted(arguments, schema))


class _Endless(Exception):
    """A schema whose references lead on and on."""


@lru_cache(maxsize=512)
def _validator(encoded: bytes) -> Any:
    """Arguments -> errors; None for what is no schema, or cannot be checked safely."""
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import SchemaError
    from referencing import Registry

    schema = msgspec.json.decode(encoded)
    try:
        Draft202012Validator.check_schema(schema)
    except (SchemaError, RecursionError):
        return None
    if b'"patternProperties"' in encoded or (b'"$ref"' in encoded and re.search(rb'"\$ref":"(?!#)', encoded)):
        return None
    return _bounded(schema, Registry())


def _bounded(schema: Any, registry: Any) -> Any:
    """A validator that follows a bounded number of references every time it is used."""
    from jsonschema import Draft202012Validator
    from jsonschema.validators import extend

    follow, left = Draft202012Validator.VALIDATORS["$ref"], [0]

    def reference(validator: Any, to: Any, instance: Any, schema: Any) -> Iterator[Any]:
        left[0] -= 1
        if left[0] < 0:
            raise _Endless
        yield from follow(validator, to, instance, schema)

    def errors(arguments: Json) -> Iterator[Any]:
        left[0] = _MOST_REFERENCES
        yield from checked.iter_errors(arguments)

    kind = extend(Draft202012Validator, {"$ref": reference, "pattern": _pattern})  # type: ignore[no-untyped-call]
    checked = kind(schema, registry=registry)
    return errors


def _pattern(validator: Any, pattern: Any, instance: Any, schema: Any) -> Iterator[Any]:
    """Linear in the text, whatever the pattern; one that needs more than that (look-around) is not judged."""
    from jsonschema.exceptions import ValidationError

    if not isinstance(instance, str):
        return
    try:
        found = found_in(pattern, instance)
    except ConfigError:
        return
    if not found:
        yield ValidationError(f"{instance!r} does not match {pattern!r}")


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
