import msgspec
import pytest
import yaml
from click.testing import CliRunner

from traceeval.cli import main
from traceeval.graph import load_tools
from traceeval.testing import call, trace, user

RUN = trace(
    user("hi"), call("get_order", {"order_id": "A"}, "x"), call("send_email", {"to": "a@b.example", "body": "hi"})
)


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "t.jsonl"
    path.write_bytes(msgspec.json.encode(RUN) + b"\n")
    return str(path)


def annotate(*arguments):
    return CliRunner().invoke(main, ["annotate", *arguments])


def test_a_draft_is_a_file_that_loads(source, tmp_path):
    out = tmp_path / "tools.yaml"
    assert annotate(source, "--out", str(out)).exit_code == 0
    assert {spec.name: spec.effect for spec in load_tools(out)} == {"get_order": "read", "send_email": "external"}
    assert "confirm me" in out.read_text()


def test_a_draft_goes_to_standard_output_unless_a_file_is_named(source):
    assert set(yaml.safe_load(annotate(source).stdout)["tools"]) == {"get_order", "send_email"}


def test_an_existing_file_is_never_overwritten(source, tmp_path):
    out = tmp_path / "tools.yaml"
    out.write_text("mine")
    result = annotate(source, "--out", str(out))
    assert (result.exit_code, out.read_text()) == (2, "mine")
    assert "--tools" in result.output


def test_what_a_file_declares_is_left_out(source, tmp_path):
    known = tmp_path / "known.yaml"
    known.write_text("tools: {get_order: {effect: read}}\n")
    assert list(yaml.safe_load(annotate(source, "--tools", str(known)).stdout)["tools"]) == ["send_email"]
    known.write_text("tools: {get_order: {effect: read}, send_email: {effect: external}}\n")
    assert annotate(source, "--tools", str(known)).exit_code == 2


def test_an_unreadable_trace_is_told_and_the_rest_is_drafted(source, tmp_path):
    bad = tmp_path / "bad.jsonl"
    bad.write_text('{"foo": 1}\n')
    result = annotate(source, str(bad))
    assert result.exit_code == 3
    assert "send_email" in result.stdout


def test_a_draft_confirmed_as_it_stands_changes_no_effect(source, tmp_path):
    from traceeval.graph import ToolBook

    out = tmp_path / "tools.yaml"
    annotate(source, "--out", str(out))
    assert all(spec.effect == ToolBook().spec(spec.name).effect for spec in load_tools(out))
