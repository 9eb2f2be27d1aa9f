import json

from click.testing import CliRunner

from traceeval.cli.validate import command

SPAN = {"schema_version": "traceeval/1", "id": "a", "spans": [{"id": "x", "kind": "tool", "parent": "gone"}]}


def test_repairs_are_told_and_exit_code_0(tmp_path):
    path = tmp_path / "traces"
    path.write_text(json.dumps(SPAN) + "\n")
    result = CliRunner().invoke(command, [str(path)])
    assert result.exit_code == 0
    assert result.stdout.startswith(f"warn tree.missing_parent {path}:1 span x: parent gone")
    assert "read " in result.stderr
    assert result.stdout.count("\n") == 1


def test_what_cannot_be_read_is_exit_code_3(tmp_path):
    path = tmp_path / "traces"
    path.write_text(json.dumps(SPAN) + '\n{"schema_version": "traceeval/1"}\n')
    result = CliRunner().invoke(command, [str(path), "--json"])
    assert result.exit_code == 3
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert [(row["code"], row["where"]) for row in rows] == [
        ("tree.missing_parent", f"{path}:1"),
        ("record.skipped", f"{path}:2"),
    ]


def test_terminal_codes_in_a_trace_are_not_printed(tmp_path):
    path = tmp_path / "traces"
    path.write_text(json.dumps({**SPAN, "spans": [{"id": "x", "kind": "tool", "parent": "\u001b[2Jgone\r"}]}) + "\n")
    result = CliRunner().invoke(command, [str(path)])
    assert "\x1b" not in result.stdout
    assert "\r" not in result.stdout
    assert "gone" in result.stdout
