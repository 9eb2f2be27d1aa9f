"""``traceeval replay``, ``baseline``, ``lint references``, ``scenario schema``: what they print and how they exit."""

import json
import shutil
import sys

import pandas as pd
import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator
from tests.replay._run import SHOP

from traceeval.cli import main


@pytest.fixture
def suite(tmp_path):
    shutil.copytree(SHOP, tmp_path / "shop", ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path / "shop"


def run(*words):
    return CliRunner().invoke(main, [str(word) for word in words])


def test_replaying_prints_the_baselines_before_the_agent(suite, tmp_path):
    done = run("replay", suite, "--agent", "reference", "--out", tmp_path / "out", "--engine", "serial")
    assert done.exit_code == 0, done.output
    lines = done.output.splitlines()
    assert lines[0].startswith("shop 0 · agent reference · 4 trials, at least 2 a cell · sandbox ")
    assert lines[2:5] == [
        "baseline noop       passes 0 of 1 scenario",
        "baseline random     passes 0 of 1 scenario",
        "baseline reference  passes 1 of 1 scenario",
    ]
    assert "  pass^2 1.000 [0.207, 1.000] wilson over 1 scenario" in lines


def test_the_traces_are_read_by_evaluate(suite, tmp_path):
    run("replay", suite, "--agent", "reference", "--out", tmp_path / "out", "--engine", "serial", "--quiet")
    done = run(
        *("evaluate", tmp_path / "out", "--tools", suite / "tools.yaml", "--out", tmp_path / "scores"),
        *("--engine", "serial", "--json"),
    )
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["traces"] == 4
    scores = pd.read_parquet(tmp_path / "scores" / "scores.parquet")
    for name in ("planner.milestones", "planner.state", "planner.forbidden"):
        assert scores[scores["scorer"] == name]["value"].tolist() == [1.0] * 4


def test_progress_says_how_many_are_done_at_what_rate_and_what_is_left(monkeypatch):
    import io

    from traceeval.cli._progress import trials_progress

    class Terminal(io.StringIO):
        def isatty(self):
            return True

    monkeypatch.setattr("sys.stderr", Terminal())
    with trials_progress(show=True) as told:
        told(1, 4)
        told(3, 4)
    assert "replay" in sys.stderr.getvalue()
    assert "3/4" in sys.stderr.getvalue()
    with trials_progress(show=False) as told:
        told(1, 4)


def test_listing_runs_nothing(suite, tmp_path):
    done = run("replay", suite, "--list", "--out", tmp_path / "out", "--n", "3")
    assert done.output.splitlines() == ["shop/cancel x 3", "shop/cancel[turn1.p1] x 3", "2 cells, 6 trials"]
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--agent", "no_such_module:build"), "no_such_module"),
        (("--agent", "nonsense"), "write MODULE:FUNCTION, or one of http, langchain, mcp, noop, openai"),
        (("--agent", "noop", "--only", "bank"), "no scenario has that tag"),
        (("--agent", "noop", "--baseline", "best"), "one of noop, random, reference"),
        (("--agent", "mcp:agent"), "neither {prompt} nor {transcript}"),
        (("--agent", "openai:model"), "write openai:model=NAME"),
        (("--agent", "http:nowhere"), "write a URL"),
    ],
)
def test_what_makes_no_sense_is_a_usage_error(suite, tmp_path, words, says):
    done = run("replay", suite, *words, "--out", tmp_path / "out", "--engine", "serial")
    assert done.exit_code == 2, done.output
    assert says in done.output


def test_an_authoring_error_is_told_with_its_line(suite, tmp_path):
    path = suite / "cancel.yaml"
    path.write_text(path.read_text().replace("solution:", "solutoin:"))
    done = run("replay", suite, "--agent", "noop", "--out", tmp_path / "out")
    assert done.exit_code == 2
    assert "cancel.yaml:21: solutoin: Object contains unknown field" in done.output


def test_a_harness_that_fails_in_every_trial_is_exit_code_3(suite, tmp_path):
    path = suite / "cancel.yaml"
    path.write_text(path.read_text().replace("solution:", "#").split("  - call: {tool: get_order")[0])
    done = run(
        "replay", suite, "--agent", "reference", "--out", tmp_path / "out", "--engine", "serial", "--baseline", "-"
    )
    assert done.exit_code == 3, done.output


def test_the_command_for_one_bad_cell_runs_that_cell_alone(suite, tmp_path):
    import shlex

    options = ("--n", "1", "--engine", "serial")
    done = run("replay", suite, "--agent", "noop", "--out", tmp_path / "out", "--baseline", "-", *options)
    (line,) = [line for line in done.output.splitlines() if line.startswith("one of them alone: ")]
    words = shlex.split(line.partition(": ")[2])
    assert words[0] == "traceeval"
    again = run(*words[1:], "--engine", "serial", "--list")
    assert again.output.splitlines() == ["shop/cancel[turn1.p1] x 1", "1 cell, 1 trial"]
    assert run(*words[1:], "--engine", "serial", "--quiet").exit_code == 0
    assert (tmp_path / "out-again" / "report.html").is_file()


def test_a_baseline_names_what_it_does_not_pass(suite):
    done = run("baseline", "noop", suite, "--engine", "serial")
    assert done.output.splitlines() == ["noop passes 0 of 1 scenario", "  fails shop/cancel"]


def test_linting_exits_with_two_where_something_has_to_be_corrected(suite):
    done = run("lint", "references", suite, "--workers", "1")
    assert (done.exit_code, done.output) == (0, "1 scenario, 0 errors, 0 warnings\n")
    path = suite / "cancel.yaml"
    path.write_text(path.read_text().replace("solution:", "solution:\n  - call: {tool: list_orders}"))
    done = run("lint", "references", suite, "--workers", "1")
    assert done.exit_code == 2
    assert "cancel.yaml:1: error deletion: shop/cancel: step 1 (list_orders) can be left out" in done.output


def test_the_schema_takes_the_shops_scenario(suite):
    import yaml

    schema = json.loads(run("scenario", "schema").output)
    Draft202012Validator.check_schema(schema)
    assert not list(Draft202012Validator(schema).iter_errors(yaml.safe_load((suite / "cancel.yaml").read_text())))
    assert list(Draft202012Validator(schema).iter_errors({"id": "x"}))
