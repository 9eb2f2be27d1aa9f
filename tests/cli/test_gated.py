"""``traceeval replay --gate`` and ``compare --gate``: exit codes, files, and what is refused before anything runs."""

import json
import shutil
import xml.etree.ElementTree as ElementTree

import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator
from tests.replay._run import SHOP

from traceeval.cli import main


@pytest.fixture
def suite(tmp_path, monkeypatch):
    shutil.copytree(SHOP, tmp_path / "shop", ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.chdir(tmp_path)
    return tmp_path / "shop"


def run(*words):
    return CliRunner().invoke(main, [str(word) for word in words])


def replay(gate, *words, agent="reference", out="out"):
    with open("gate.yaml", "w", encoding="utf-8") as file:
        file.write(gate)
    fast = ("--engine", "serial", "--baseline", "-", "--n", "1")
    return run("replay", "shop", "--agent", agent, "--out", out, "--gate", "gate.yaml", *fast, *words)


def test_a_gate_that_holds_exits_with_0_and_one_that_fails_with_1(suite):
    held = replay("{forbidden_hits: 0, infra_error_share: 0.0}")
    assert held.exit_code == 0, held.output
    assert "gate held      forbidden: 0 trials, at most 0" in held.output
    failed = replay("pass_hat_k: {k: 1, lower_bound: 0.8}", agent="noop", out="noop")
    assert failed.exit_code == 1
    assert "gate failed    pass^1: lower end 0.000 over 1 scenario, at least 0.8 asked for" in failed.output


def test_a_harness_that_fails_too_often_exits_with_3(suite):
    path = suite / "cancel.yaml"
    path.write_text(path.read_text().split("solution:")[0])
    assert replay("infra_error_share: 0.5").exit_code == 3


@pytest.mark.parametrize(
    ("gate", "says"),
    [
        ("forbidden_hits: 0\nforbiden: 1", "gate.yaml:2: forbiden: Object contains unknown field"),
        ("forbidden_hits: -1", "0 or more"),
        ("{}", "an empty gate"),
        ("pass_hat_k: {k: 4, lower_bound: 80}", "a share lies between 0 and 1"),
        ("regression: {margin: 0.03}", "name a stored one with --base"),
        ("sandbox: strong", "Invalid enum value"),
        ("a: [", "not YAML"),
    ],
)
def test_a_gate_written_wrong_costs_no_replay(suite, gate, says):
    done = replay(gate)
    assert done.exit_code == 2
    assert says in done.output
    assert not (suite.parent / "out").exists()


def test_a_base_that_is_no_replay_is_told_before_anything_runs(suite):
    done = replay("regression: {margin: 0.03}", "--base", "nothing")
    assert done.exit_code == 2
    assert "nothing: no finished replay" in done.output
    assert not (suite.parent / "out").exists()


def test_two_replays_are_compared_by_the_same_gate(suite):
    assert replay("forbidden_hits: 0", out="one").exit_code == 0
    assert (
        run("compare", "one", "one", "--gate", "gate.yaml").output == "gate held      forbidden: 0 trials, at most 0\n"
    )
    (suite.parent / "gate.yaml").write_text("regression: {margin: 0.03}")
    few = run("compare", "one", "one", "--gate", "gate.yaml")
    assert few.exit_code == 1
    assert "1 scenario in common, at least 6 needed" in few.output
    margin = run("compare", "one", "one", "--no-worse", "pass=0.03")
    assert margin.exit_code == 1
    assert "gate failed: pass cannot be told: " in margin.stderr


def test_every_file_for_a_build_is_written(suite, monkeypatch):
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(suite.parent / "summary.md"))
    done = replay("forbidden_hits: 0", "--junit", "out.xml", "--sarif", "out.sarif", "--github", agent="noop")
    assert done.exit_code == 0, done.output
    cases = list(ElementTree.parse("out.xml").getroot())
    assert [case.get("name") for case in cases] == ["shop/cancel", "shop/cancel[turn1.p1]", "forbidden"]
    results = json.loads((suite.parent / "out.sarif").read_text())["runs"][0]["results"]
    assert results[0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "shop/cancel.yaml"
    lines = done.output.splitlines()
    assert lines[0].startswith("::stop-commands::")
    closing = lines.index(f"::{lines[0].removeprefix('::stop-commands::')}::")
    assert [line.partition(",")[0] for line in lines[closing + 1 :]] == ["::error file=shop/cancel.yaml"] * 2
    assert (suite.parent / "summary.md").read_text().startswith("<h3>shop: noop</h3>")


def test_the_form_of_a_gate_is_printed():
    schema = json.loads(run("scenario", "schema", "gate").output)
    Draft202012Validator.check_schema(schema)
    assert not list(Draft202012Validator(schema).iter_errors({"forbidden_hits": 0, "sandbox": "netns"}))
    assert list(Draft202012Validator(schema).iter_errors({"forbiden": 0}))
