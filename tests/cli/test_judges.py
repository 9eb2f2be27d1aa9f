"""``traceeval evaluate --checker``: judges from end to end, also when they die."""

import json
import threading

import msgspec
import pytest
from click.testing import CliRunner
from tests.judge._stub import Stub, fair

from traceeval.cli.evaluate import command
from traceeval.judge._request import load_prompt
from traceeval.judge.checkers.openai import PROMPT
from traceeval.model import ADMISSION, Admission, Interval
from traceeval.testing import model, retrieval, trace

KEY = "sk-very-secret-4711"
CLAIMS = 4


@pytest.fixture(autouse=True)
def key(monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", KEY)


@pytest.fixture
def source(tmp_path):
    """120 answers of four claims, three of which their passage states."""
    path = tmp_path / "traces.jsonl"
    with path.open("wb") as lines:
        for n in range(120):
            said = [f"Order {n} left the {place} warehouse." for place in ("Oslo", "Turin", "Lyon")]
            text = " ".join(said)
            answer = f"{text} Nobody paid the customs duty for parcel {n}."
            one = trace(
                retrieval(("d", text)), model(answer, prompt=[("system", f"[d] {text}")]), id=f"t{n}", answer=answer
            )
            lines.write(msgspec.json.encode(one) + b"\n")
    return path


def evaluate(source, out, stub, *options, first=()):
    judge = f"openai:model=m,base_url={stub.url},per_call=2"
    checkers = [part for name in (*first, judge) for part in ("--checker", name)]
    run = [str(source), "--out", str(out), "--scorer", "generator.grounded", "--scorer", "generator.contradicted"]
    result = CliRunner().invoke(command, [*run, *checkers, "--judge-cache", "-", "--quiet", *options])
    summary = out / "summary.json"
    return result, json.loads(summary.read_text()) if summary.exists() else None


def grounded(summary):
    return next(row for row in summary["aggregates"] if row["scorer"] == "generator.grounded")


def admission(path, judge):
    """What `traceeval judge admit` writes of a judge."""
    nothing = Interval(value=None)
    said = Admission(
        schema_version=ADMISSION,
        judge=judge,
        prompt="p",
        rubric="r",
        criterion="groundedness",
        threshold=3,
        kappa=nothing,
        recall=nothing,
        precision=nothing,
        positives=40,
        negatives=40,
        families=80,
        labels_sha256="0" * 64,
        created="2026-01-01T00:00:00+00:00",
    )
    path.write_bytes(msgspec.json.encode(said))
    return str(path)


def admitted(path):
    """Options with which a gate may rest on the stub."""
    return ("--admission", admission(path, f"openai:m@{load_prompt(PROMPT).sha}"))


def test_a_judge_decides_what_it_is_asked(source, tmp_path):
    with Stub() as stub:
        gate = ("--fail-under", "generator.grounded=0.7", *admitted(tmp_path / "a.json"))
        result, summary = evaluate(source, tmp_path / "out", stub, *gate)
    assert result.exit_code == 0, result.output
    assert grounded(summary)["mean"] == pytest.approx(0.75)
    assert grounded(summary)["coverage"] == 1
    assert summary["checker"]["outcomes"] == {"supported": 360, "unsupported": 120}
    assert len(stub.requests) == 240  # two claims a request; the report looks again and asks nothing again


def test_a_gate_refuses_a_judge_nobody_measured(source, tmp_path):
    with Stub() as stub:
        result, summary = evaluate(source, tmp_path / "out", stub, "--fail-under", "generator.grounded=0.7")
    (judge,) = summary["checker"]["decided_by"]
    assert result.exit_code == 1
    assert f"generator.grounded: {judge} is not calibrated against people" in result.output


def test_a_judge_that_knows_contradictions_makes_that_score_a_value(source, tmp_path):
    with Stub() as stub:
        _, summary = evaluate(source, tmp_path / "out", stub)
    row = next(row for row in summary["aggregates"] if row["scorer"] == "generator.contradicted")
    assert (row["mean"], row["coverage"]) == (0.0, 1.0)


def test_with_the_judge_dying_half_way_the_mean_does_not_rise_coverage_falls_and_the_gate_fails(source, tmp_path):
    gate = ("--fail-under", "generator.grounded=0.7", *admitted(tmp_path / "a.json"))
    with Stub() as stub:
        whole, before = evaluate(source, tmp_path / "whole", stub, *gate)
    with Stub(die_after=120, status=401) as stub:
        result, after = evaluate(source, tmp_path / "half", stub, *gate)
    assert (whole.exit_code, result.exit_code) == (0, 1), result.output
    assert "generator.grounded" in result.output
    assert grounded(after)["mean"] <= grounded(before)["mean"]
    assert grounded(before)["coverage"] == 1
    assert 0.3 < grounded(after)["coverage"] < 0.7
    assert grounded(after)["lower"] < grounded(before)["lower"] <= grounded(after)["upper"]
    assert after["checker"]["outcomes"]["defer: endpoint_failed"] > 0
    assert sum(after["checker"]["outcomes"].values()) == 480


def test_a_server_that_vanishes_is_said_and_does_not_stop_the_run(source, tmp_path):
    with Stub() as stub:
        url = stub.url
    gone = type("Gone", (), {"url": url})
    result, summary = evaluate(source, tmp_path / "out", gone, "--fail-under", "generator.grounded=0.1")
    assert result.exit_code == 1
    assert grounded(summary)["mean"] is None
    assert grounded(summary)["counts"]["failed"] == 120


def test_the_budget_stops_asking_and_the_rest_says_so(source, tmp_path):
    with Stub() as stub:
        _, summary = evaluate(source, tmp_path / "out", stub, "--max-judge-calls", "40")
    assert len(stub.requests) == 40
    assert summary["checker"]["outcomes"]["defer: budget"] == 480 - 2 * 40
    lines = [json.loads(line) for line in (tmp_path / "out" / "risk.jsonl").read_text().splitlines()]
    reasons = [reason for line in lines for reason in line["reasons"] if reason["rule"] == "deferred_claim"]
    assert len(reasons) == 100
    assert all("budget" in reason["text"] for reason in reasons)


def test_money_without_a_price_is_a_usage_error(source, tmp_path):
    with Stub() as stub:
        result, _ = evaluate(source, tmp_path / "out", stub, "--max-judge-usd", "1")
    assert result.exit_code == 2
    assert "price of 'm' is unknown" in result.output
    assert not stub.requests


def test_after_the_embedded_checker_a_judge_sees_only_what_was_deferred(source, tmp_path):
    asked = []

    def noting(claim, passages):
        asked.append(claim["text"])
        return fair(claim, passages)

    with Stub(verdict=noting) as stub:
        _, alone = evaluate(source, tmp_path / "alone", stub)
        everything = len(asked)
        asked.clear()
        _, both = evaluate(source, tmp_path / "both", stub, first=("lexical",))
    assert everything == 480
    assert len(asked) < everything
    assert both["checker"]["id"].startswith("lexical@2 -> openai:m@")
    assert set(both["checker"]["decided_by"]) <= set(both["checker"]["id"].split(" -> "))
    assert sum(both["checker"]["decided_by"].values()) == 480
    assert alone["checker"]["id"].startswith("openai:m@")


def test_a_warm_cache_asks_nothing_and_finds_the_same(source, tmp_path):
    cache = ("--judge-cache", str(tmp_path / "judge.db"))
    with Stub() as stub:
        _, first = evaluate(source, tmp_path / "one", stub, *cache)
        sent = len(stub.requests)
        _, second = evaluate(source, tmp_path / "two", stub, *cache)
        assert len(stub.requests) == sent
    assert first["aggregates"] == second["aggregates"]


def test_batches_of_traces_overlap_at_the_endpoint(source, tmp_path):
    # 240 requests in two batches of traces; the server answers eight at a time or never: no seam may leave it waiting.
    with Stub(together=threading.Barrier(8)) as stub:
        result, summary = evaluate(source, tmp_path / "out", stub, "--judge-concurrency", "8")
    assert result.exit_code == 0
    assert (stub.most, len(stub.requests)) == (8, 240)
    assert grounded(summary)["coverage"] == 1


def test_the_key_is_in_no_file_and_no_output(source, tmp_path):
    with Stub(failing=0.2, status=401) as stub:
        result, _ = evaluate(source, tmp_path / "out", stub, "--judge-cache", str(tmp_path / "judge.db"))
    assert KEY not in result.output
    written = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(written) > 5
    assert all(KEY.encode() not in path.read_bytes() for path in written)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("nobody", "has no 'nobody'"),
        ("openai", "needs a model"),
        ("openai:model", "write NAME:key=value"),
        ("openai:model=m,colour=red", "no option colour"),
        ("openai:model=m,per_call=many", "many"),
    ],
)
def test_a_checker_written_wrongly_is_a_usage_error(source, tmp_path, text, said):
    result = CliRunner().invoke(command, [str(source), "--out", str(tmp_path / "o"), "--checker", text])
    assert result.exit_code == 2
    assert said in result.output


def test_the_embedded_checker_comes_first(source, tmp_path):
    run = [str(source), "--out", str(tmp_path / "o"), "--checker", "openai:model=m", "--checker", "lexical"]
    result = CliRunner().invoke(command, run)
    assert result.exit_code == 2
    assert "comes first" in result.output
