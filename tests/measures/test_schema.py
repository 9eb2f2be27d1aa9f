"""Arguments against a schema that may have been written to harm."""

import subprocess
import sys

import pytest

from traceeval.measures.schema import problems


def of(**properties):
    return {"type": "object", "properties": properties}


def messages(arguments, schema):
    return [message for _, message, _ in problems(arguments, schema)]


def test_a_pattern_is_searched_for_as_the_specification_says():
    schema = of(id={"type": "string", "pattern": r"\d{3}"})
    assert problems({"id": "ORD-123"}, schema) == ()
    assert messages({"id": "ORD-12"}, schema) == [r"'ORD-12' does not match '\\d{3}'"]
    assert problems({"id": 5}, of(id={"pattern": "a"})) == ()


def test_a_pattern_that_needs_look_around_is_not_judged():
    assert problems({"id": "b"}, of(id={"pattern": "(?=a)a"})) == ()


def test_references_within_the_schema_are_followed():
    schema = {**of(a={"$ref": "#/$defs/n"}), "$defs": {"n": {"type": "integer"}}}
    assert messages({"a": "x"}, schema) == ["'x' is not of type 'integer'"]


DOUBLED = {f"a{n}": {"allOf": [{"$ref": f"#/$defs/a{n + 1}"}] * 2} for n in range(40)} | {"a40": {"type": "integer"}}
ENDLESS = {
    "pattern": ({"x": "a" * 60 + "!"}, of(x={"type": "string", "pattern": "^(a+)+$"})),
    "key pattern": ({"a" * 60 + "!": 1}, {"patternProperties": {"^(a+)+$": {}}, "additionalProperties": False}),
    "doubling": ({"x": "no"}, {**of(x={"$ref": "#/$defs/a0"}), "$defs": DOUBLED}),
    "circle": ({"x": 1}, {**of(x={"$ref": "#/$defs/a"}), "$defs": {"a": {"$ref": "#/$defs/a"}}}),
}


@pytest.mark.parametrize("name", ENDLESS)
def test_a_schema_written_to_run_forever_ends(name):
    arguments, schema = ENDLESS[name]
    code = f"from traceeval.measures.schema import problems; problems({arguments!r}, {schema!r})"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)  # a process: a hanging match stops for nobody
