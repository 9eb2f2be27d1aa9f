"""``traceeval discount``: three inputs printed, the unknown named, gates on the worse bound."""

import json

import pytest
from click.testing import CliRunner

from traceeval.cli import main


@pytest.fixture
def rows(tmp_path):
    path = tmp_path / "bench.jsonl"
    told = [
        {"id": f"r{at}", "q": f"where is order {at}", "context": " ".join(f"w{at * at % 97}x{n}" for n in range(20)), "ok": at < 30}
        for at in range(40)
    ]  # fmt: skip
    path.write_text("\n".join(map(json.dumps, told)))
    (tmp_path / "pages.txt").write_text("nothing of it")
    return path


def run(*words):
    return CliRunner().invoke(main, ["discount", *(str(word) for word in words)])


def test_each_input_is_printed_and_those_that_lack_say_what_they_need(rows):
    done = run(rows, "--published", "2022-01-01", "--cutoff", "2024-01-01")
    assert done.exit_code == 0, done.output
    assert "Not known what it still counts for, 0.00–0.50: closeness, contamination not known (40 rows)" in done.output
    assert "age: years it was public 2.0: leaves 0.50" in done.output
    assert "closeness: rows that production asks alike: UNKNOWN: name a run of production with --beside" in done.output
    assert "contamination: rows that stood elsewhere: UNKNOWN: name texts to look for the rows in" in done.output


def test_a_gate_on_what_is_not_known_fails_and_says_why(rows):
    done = run(
        rows, "--published", "2022-01-01", "--fail-under", "weight=0.1", "--fail-under", "right=0.5", "--right", "ok"
    )
    assert done.exit_code == 1
    assert "weight: worse bound 0.0000 is under 0.1; closeness, contamination not known" in done.stderr
    assert "right: not known" in done.stderr


def test_json_and_page_hold_the_three_inputs(rows, tmp_path):
    done = run(rows, "--corpus", tmp_path / "pages.txt", "--json", "--out", tmp_path / "page.html")
    told = json.loads(done.output)
    assert [one["name"] for one in told["factors"]] == ["age", "closeness", "contamination"]
    assert told["factors"][2]["input"]["value"] == 0.0
    page = (tmp_path / "page.html").read_text()
    assert page.count('class="failed"') == 2
    assert 'class="te-forest"' in page


def test_what_is_written_wrong_is_said(rows):
    assert "lies in the future" in run(rows, "--published", "2999-01-01").stderr
    assert "--text ask: no row of" in run(rows, "--text", "ask").stderr
    wrong = run(rows, "--right", "q")
    assert (wrong.exit_code, "write true, false, or a number from 0 to 1" in wrong.stderr) == (2, True)
    assert "gates are on weight, or on right" in run(rows, "--fail-under", "age=1").stderr
