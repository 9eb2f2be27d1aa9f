"""``traceeval decide``: three answers, their exit codes, and what is said."""

import json
import shutil

import msgspec
import pytest
from click.testing import CliRunner
from tests._outcomes import many
from tests._release import admitted, change, comparison

import traceeval
from traceeval.cli import main
from traceeval.model import Reference, System
from traceeval.run._journal import Manifest
from traceeval.testing import model, retrieval, trace, user

POLICY = """\
apiVersion: traceeval/release.v1
version: {release: "2", judge: j}
layers:
  benchmarks: {evidence: replay, max_age_days: 30, gate: {pass_hat_k: {k: 2, lower_bound: 0.8}}}
  scores: {evidence: out, max_age_days: 30, min_n: 1, gate: {fail_under: {retriever.recall: 0.8}}}
  judge: {evidence: admission.json, max_age_days: 30}
  people: {waived: "three traces are too few to ask anybody"}
  red_team: {evidence: replay, max_age_days: 30, gate: {forbidden_hits: 0}}
  regression: {evidence: comparison.json, max_age_days: 30, gate: {no_worse: {right: 0.05}}}
"""


def now():
    from datetime import UTC, datetime

    return datetime.now(UTC).isoformat(timespec="seconds")


@pytest.fixture(scope="module")
def evaluated(tmp_path_factory):
    folder = tmp_path_factory.mktemp("evaluated") / "out"
    made = trace(
        user("q"), retrieval("d1"), model("a"), question="q", answer="a", reference=Reference(documents={"d1": 1}),
        system=System(app="s", release="2"),
    )  # fmt: skip
    traceeval.evaluate([made], out=folder)
    return folder


@pytest.fixture
def place(tmp_path, monkeypatch, evaluated):
    """Evidence of every kind as it lies on disk, made now."""
    monkeypatch.chdir(tmp_path)
    shutil.copytree(evaluated, tmp_path / "out")
    replayed = tmp_path / "replay"
    replayed.mkdir()
    told = {"suite": "s", "version": "1", "files": "f", "scenarios": {}, "agent": "m:a", "traceeval": "1", "trials": 40}
    manifest = Manifest(**told, agent_sha256="a", seeds=(1, 2), created=now())
    (replayed / "manifest.json").write_bytes(msgspec.json.encode(manifest))
    rows = (msgspec.json.encode({"agent": None, "outcome": one}) for one in many(20, 2))
    (replayed / "outcomes.jsonl").write_bytes(b"\n".join(rows) + b"\n")
    admission = msgspec.structs.replace(admitted().admission, created=now())
    (tmp_path / "admission.json").write_bytes(msgspec.json.encode(admission))
    regression(tmp_path)
    (tmp_path / "release.yaml").write_text(POLICY)
    return tmp_path


def regression(folder, *changes):
    made = comparison(*changes)
    head = msgspec.structs.replace(made.head, created=now(), systems=("system.release=2",))
    (folder / "comparison.json").write_bytes(msgspec.json.encode(msgspec.structs.replace(made, head=head)))


def run(*words):
    return CliRunner().invoke(main, ["decide", *map(str, words)])


def test_a_release_exits_with_0_and_says_what_each_layer_rests_on(place):
    done = run("--policy", "release.yaml", "--version", "agent_sha256=a", "--out", "decision")
    assert done.exit_code == 0, done.output
    lines = done.output.splitlines()
    assert lines[0] == "release: release 2, judge j, agent_sha256 a"
    assert "  goes without people: three traces are too few to ask anybody" in lines
    assert [line.split(maxsplit=1) for line in lines if line.startswith(("holds", "waived"))] == [
        ["holds", "benchmarks"],
        ["holds", "automated scores"],
        ["holds", "judge"],
        ["waived", "people"],
        ["holds", "red team"],
        ["holds", "regression"],
    ]
    assert json.loads((place / "decision" / "decision.json").read_text())["answer"] == "release"


def test_a_proven_loss_exits_with_1(place):
    regression(place, change("tokens", 9.0, 8.0, 10.0, "regressed", "lower"))
    done = run("--policy", "release.yaml", "--version", "agent_sha256=a")
    assert done.exit_code == 1
    assert "fails: regression: tokens: proven worse by 9" in done.output


def test_what_is_missing_exits_with_3_and_is_named(place):
    (place / "admission.json").unlink()
    done = run("--policy", "release.yaml", "--version", "agent_sha256=a", "--json")
    assert done.exit_code == 3
    found = json.loads(done.output)
    assert found["answer"] == "not decidable"
    assert found["layers"][2]["gaps"] == ["missing: admission.json: nothing is there"]


def test_the_same_evidence_is_stale_two_months_later(place):
    done = run("--policy", "release.yaml", "--version", "agent_sha256=a", "--at", "2100-01-01")
    assert done.exit_code == 3
    assert done.output.count("cannot be decided:") == 5
    assert "decided for 2100-01-01T00:00:00+00:00" in done.output


def test_another_version_is_named(place):
    done = run("--policy", "release.yaml", "--version", "agent_sha256=b", "--version", "release=3")
    assert done.exit_code == 3
    assert "scores: other version: out is about release 2; decided on is release 3" in done.output
    assert "benchmarks: other version: replay is about agent_sha256 a; decided on is agent_sha256 b" in done.output


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ((), "by what?"),
        (("--policy", "none.yaml"), "cannot be read"),
        (("--policy", "release.yaml", "--version", "2"), "write NAME=VALUE"),
        (("--policy", "release.yaml", "--version", "release=2", "--version", "release=3"), "release is both 2 and 3"),
        (("--policy", "release.yaml", "--at", "soon"), "write a day or a moment"),
        (("--policy", "bad.yaml"), "bad.yaml:3: layers.scors: Object contains unknown field"),
        (("--policy", "bare.yaml"), "which version is decided on?"),
    ],
)
def test_what_is_asked_wrong_exits_with_2(place, words, says):
    (place / "bad.yaml").write_text("apiVersion: traceeval/release.v1\nlayers:\n  scors: {}\n")
    (place / "bare.yaml").write_text(POLICY.replace('version: {release: "2", judge: j}\n', ""))
    done = run(*words)
    assert (done.exit_code, says in done.output) == (2, True), done.output


def test_a_pack_that_is_none_exits_with_3(place):
    done = run("--pack", "release.yaml")
    assert (done.exit_code, "NOT intact" in done.output) == (3, True)
