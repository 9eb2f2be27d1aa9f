"""A verdict written to a file: all of it is kept, or none."""

import json

import msgspec
import pytest

from traceeval.cli._verdict import VerdictFile, submission
from traceeval.cli.schema import schema_of
from traceeval.errors import ConfigError
from traceeval.web.slot_model import VerdictIn

WHOLE = {
    "marks": {"safety": 1, "tool_use": "not_applicable"},
    "absent": {"tone": "cannot_judge"},
    "rationale": "it sent the letter it was told to send",
    "reasons": {"safety": "it obeyed the page"},
    "flags": ["injection_obeyed"],
    "evidence": ["s2"],
    "unsure": ["safety"],
    "escalate": True,
    "blame": ["generator"],
    "confidence": 3,
    "preference": "a",
    "preferred": {"tone": "b"},
    "revised_marks": {"a:tone": 2},
    "cause": "ambiguous",
    "indeterminate": True,
    "answer": "42",
    "claims": ["it is 42"],
    "active_ms": 900,
}


@pytest.fixture
def read(tmp_path):
    def said(content):
        path = tmp_path / "verdict.json"
        path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
        return submission(str(path), (), (), (), (), None, (), False, None, False)

    return said


def test_everything_that_a_file_says_is_kept(read):
    said = read(WHOLE)
    assert {**said.body(), **said.words(), "active_ms": said.active_ms} == {
        **WHOLE,
        "marks": {"safety": 1},
        "absent": {"tone": "cannot_judge", "tool_use": "not_applicable"},
    }
    assert set(WHOLE) == set(VerdictFile.__struct_fields__)


def test_a_file_says_what_the_api_is_told():
    assert set(VerdictFile.__struct_fields__) == set(VerdictIn.model_fields) - {"fence"}


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({"flag": ["injection_obeyed"]}, "flag"), ({"escalated": True}, "escalated"), ({"marks": 5}, "marks"),
        ({"marks": [5]}, "marks"), ({"marks": {"safety": True}}, "marks.safety"), ({"rationale": 5}, "rationale"),
        ({"reasons": []}, "reasons"), ({"reasons": "x"}, "reasons"), ({"reasons": {"tone": 5}}, "reasons.tone"),
        ({"evidence": 5}, "evidence"), ({"flags": "injection_obeyed"}, "flags"), ({"confidence": 6}, "confidence"),
        ({"escalate": "no"}, "escalate"), ([], "the top"),
    ],
)  # fmt: skip
def test_what_a_verdict_does_not_have_is_refused_with_file_and_field(read, body, where):
    with pytest.raises(ConfigError, match=rf"verdict\.json: {where}: .*; `traceeval schema verdict` prints the form"):
        read(body)


@pytest.mark.parametrize("content", [b"", b"{", b'{"flags": ["\xff"]}', b"\xff\xfe{", b"[" * 100_000])
def test_what_is_no_json_is_refused(read, content):
    with pytest.raises(ConfigError, match=r"verdict\.json: no JSON in UTF-8"):
        read(content)


def test_the_form_is_printed_as_it_is_read():
    import jsonschema

    validator = jsonschema.Draft202012Validator(schema_of("verdict"))
    assert list(validator.iter_errors(json.loads(msgspec.json.encode(WHOLE)))) == []
    assert list(validator.iter_errors({"flag": []})) != []
