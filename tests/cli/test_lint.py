import json

import msgspec
import pytest
from click.testing import CliRunner

from traceeval.cli import main
from traceeval.testing import call, trace, user

RUN = trace(user("pay B-1"), call("pay_bill", {"bill": "B-1"}), call("evil\x1b[31m\nname", {}))
WHOLE = "{effect: external, idempotent: false, reversible: false, entity: [bill], arg_roles: {bill: resource}, confirm: always}"


@pytest.fixture
def files(tmp_path):
    (tmp_path / "t.jsonl").write_bytes(msgspec.json.encode(RUN) + b"\n")

    def run(text, *more):
        (tmp_path / "tools.yaml").write_text(f"tools: {{pay_bill: {text}}}\n")
        return CliRunner().invoke(
            main, ["lint", "tools", str(tmp_path / "tools.yaml"), str(tmp_path / "t.jsonl"), *more]
        )

    return run


def test_what_is_open_is_told_with_what_it_would_unlock(files):
    result = files("{effect: external}")
    assert result.exit_code == 0
    assert "1 tools declared, 1 more in 1 traces" in result.output
    line = next(line for line in result.output.splitlines() if line.split()[:1] == ["confirm"])
    assert "would unlock guard.unconfirmed_write" in line
    assert "traceeval annotate" in result.output


def test_a_strangers_name_cannot_act_on_the_terminal(files):
    output = files(WHOLE).output
    assert "\x1b" not in output
    assert not any(line.startswith("name") for line in output.splitlines())


def test_a_file_that_cannot_be_right_is_an_authoring_error(files):
    assert files(WHOLE.replace("[bill]", "[bil]")).exit_code == 2
    assert files("{effect: nuke}").exit_code == 2


def test_without_traces_nothing_is_counted(files, tmp_path):
    files(WHOLE)
    result = CliRunner().invoke(main, ["lint", "tools", str(tmp_path / "tools.yaml")])
    assert result.exit_code == 0
    assert result.output.splitlines()[1:] == ["every field that a rule rests on is said"]


def test_an_unreadable_trace_is_told_and_the_rest_counts(files, tmp_path):
    (tmp_path / "bad.jsonl").write_text('{"foo": 1}\n')
    result = files(WHOLE, str(tmp_path / "bad.jsonl"))
    assert result.exit_code == 3
    assert "in 1 traces" in result.output


def test_json_has_every_row(files):
    found = json.loads(files("{effect: external}", "--json").output)
    assert {row["name"] for row in found["rows"]} == {"pay_bill", "evil\x1b[31m\nname"}
