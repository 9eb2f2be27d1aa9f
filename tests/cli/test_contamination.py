"""``traceeval contamination``: exit codes and errors in words."""

import json

import pytest
from click.testing import CliRunner

from traceeval.cli.contamination import command


@pytest.fixture
def rows(tmp_path):
    path = tmp_path / "rows.jsonl"
    told = [
        {"id": f"r{n}", "text": f"a question of its own {n} {'marker' if n % 2 else ''}", "label": n % 2}
        for n in range(40)
    ]
    path.write_text("\n".join(map(json.dumps, told)) + "\n\n")
    return path


def call(*options):
    return CliRunner().invoke(command, [str(option) for option in options])


def test_a_giveaway_is_an_exit_code_and_a_line(rows):
    result = call(rows, "--label", "label")
    assert result.exit_code == 1
    assert "GIVES AWAY '1': 'marker' alone reaches 1.000 (20 rows with it, 0 without)" in result.output


def test_what_was_not_checked_is_said(rows):
    result = call(rows)
    assert result.exit_code == 0
    assert result.output.count("not checked:") == 4


def test_a_field_nobody_has_and_a_broken_line_are_usage_errors(rows, tmp_path):
    result = call(rows, "--label", "lable")
    assert result.exit_code == 2
    assert "--label lable: no row of" in result.stderr
    assert "id, label, text" in result.stderr
    (tmp_path / "bad.jsonl").write_text('{"a": 1}\n[1]\n')
    assert "bad.jsonl:2: no JSON object" in call(tmp_path / "bad.jsonl").stderr
    assert "no rows" in call(tmp_path / "none.jsonl").stderr or call(tmp_path / "none.jsonl").exit_code == 2
