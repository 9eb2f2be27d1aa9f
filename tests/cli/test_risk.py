"""``traceeval risk fit`` on a queue with few decisions: it says so and writes nothing; with enough it writes a policy."""

import pytest
from click.testing import CliRunner

from traceeval.cli import main
from traceeval.cli import risk as command
from traceeval.review import Outcome
from traceeval.risk import load_policy


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    out = tmp_path_factory.mktemp("risk") / "out"
    done = CliRunner().invoke(
        main, ["evaluate", "traces", "--gold", "traces/gold.jsonl", "--out", str(out), "--quiet", "--engine", "serial"]
    )
    assert done.exit_code == 0, done.output
    return out


def fit(run, out, code=0):
    done = CliRunner().invoke(main, ["risk", "fit", "--run", str(run), "--out", str(out)])
    assert done.exit_code == code, done.output
    return done.output


def test_without_decisions_nothing_is_refitted_or_written(run, tmp_path):
    assert "nothing is refitted" in fit(run, tmp_path / "p.toml")
    assert not (tmp_path / "p.toml").exists()


def test_with_enough_decisions_a_policy_is_written_that_evaluate_takes(run, tmp_path, monkeypatch):
    recorded = command._recorded(run / "risk.jsonl")
    settled = [
        Outcome(sha, sha, ("harm_done",) if sum(weights.values()) > 2 and number % 3 else (), 1.0)
        for number, (sha, weights) in enumerate(recorded.items())
    ]
    assert len(settled) >= 50
    monkeypatch.setattr("traceeval.review.outcomes", lambda store, queue: iter(settled))
    out = tmp_path / "p.toml"
    assert "refitted" in fit(run, out)
    policy = load_policy(out)
    assert policy.fit.labels == len(settled)
    assert policy.rules == load_policy().rules


def test_a_folder_that_is_no_run_is_said(tmp_path):
    assert "evaluate" in fit(tmp_path, tmp_path / "p.toml", code=2)
