import json

import msgspec
import pytest
from click.testing import CliRunner

from traceeval.cli.schema import NAMES, command, schema_of
from traceeval.testing import call, model, rerank, retrieval, trace, user

RUN = json.loads(
    msgspec.json.encode(trace(user("q"), retrieval("d"), rerank(["d"], ["d"]), model("yes"), call("f", {"a": 1})))
)
VALID = {
    "trace": RUN,
    "gold": {"question": "q", "answer": "a", "documents": {"d": 1}},
    "labels": {"trace": "t", "file": "f", "fault": None, "component": None, "finding": None},
    "tools": {"tools": {"refund": {"effect": "write", "entity": ["order"], "arg_roles": {"to": "destination"}}}},
}
INVALID = {
    "trace": {**RUN, "extra": 1},
    "gold": {"question": "q", "answers": ["a"]},
    "labels": {"trace": "t"},
    "tools": {"tools": {"refund": {"effect": "often"}}},
}


@pytest.mark.parametrize("name", NAMES)
def test_every_schema_is_a_schema(name):
    import jsonschema

    result = CliRunner().invoke(command, [name])
    assert result.exit_code == 0
    jsonschema.Draft202012Validator.check_schema(json.loads(result.stdout))


@pytest.mark.parametrize("name", VALID)
def test_a_valid_file_validates_and_a_wrong_one_does_not(name):
    import jsonschema

    validator = jsonschema.Draft202012Validator(schema_of(name))
    assert list(validator.iter_errors(VALID[name])) == []
    assert list(validator.iter_errors(INVALID[name])) != []


def test_an_unknown_name_is_a_usage_error():
    assert CliRunner().invoke(command, ["traces"]).exit_code == 2
