"""``traceeval scenario vary``: a new suite beside the old one, and the report that names what broke an agent."""

import pytest
from click.testing import CliRunner
from tests.replay._run import shop

from traceeval.cli import main


def run(*words):
    return CliRunner().invoke(main, [str(word) for word in words])


def test_a_suite_is_told_in_other_ways_and_what_was_left_out_is_said(tmp_path):
    found = run("scenario", "vary", shop(tmp_path).folder, "--out", tmp_path / "varied")
    assert found.exit_code == 0, found.output
    assert "shop/cancel: no other_language" in found.output
    assert "10 variants written to" in found.output
    listed = run("replay", tmp_path / "varied", "--agent", "noop", "--list")
    assert "shop/cancel[vary.correction] x 2" in listed.output


def test_the_report_names_the_operators(tmp_path):
    suite = shop(tmp_path, trials={"n": 1})
    run("scenario", "vary", suite.folder, "--out", tmp_path / "varied", "--operator", "correction")
    words = ("--agent", "reference", "--engine", "serial", "--baseline", "-", "--out", tmp_path / "out")
    found = run("replay", tmp_path / "varied", *words)
    assert "correction (it means something else): 1 of 1 pass in 1 cell" in found.output


@pytest.mark.parametrize(
    ("words", "says"), [(("--operator", "shouting"), "one of reordered"), (("--out", "."), "name a new folder")]
)
def test_what_cannot_be_done_is_a_usage_error(tmp_path, words, says):
    found = run("scenario", "vary", shop(tmp_path).folder, "--out", tmp_path / "varied", *words)
    assert found.exit_code == 2
    assert says in found.output
