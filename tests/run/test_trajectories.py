"""What evaluate makes of agents: policy rules that were named, and where a failed run went wrong."""

import json

import pytest
from click.testing import CliRunner

import traceeval
from traceeval.cli import main
from traceeval.errors import ConfigError
from traceeval.model import ToolRequest
from traceeval.testing import call, model, trace, user

RULES = """
from traceeval import Breach, policy

@policy("desk.no_refund", severity=5, source="policy.md#refunds", text="Refunds over 100 need a manager.")
def no_refund(graph):
    for call in graph.calls:
        if call.name == "refund" and call.arguments["amount"] > 100:
            yield Breach(call, "too much was refunded")

@policy("desk.broken", severity=3, source="policy.md", text="Nothing in particular.")
def broken(graph):
    yield graph.no_such_thing
"""


def refund(amount, id="t"):
    asked = ToolRequest(name="refund", id="c1", arguments={"amount": amount})
    return trace(
        user(f"refund {amount} of it"),
        model(None, calls=[asked], id="m"),
        call("refund", {"amount": amount}, "ok", call_id="c1"),
        model("I have refunded it."),
        id=id,
        question="refund it",
    )


@pytest.fixture
def rules(tmp_path):
    path = tmp_path / "rules.py"
    path.write_text(RULES)
    return path


@pytest.mark.parametrize("engine", ["serial", "pool"])
def test_rules_that_were_named_are_findings_that_quote_the_policy(rules, engine):
    run = traceeval.evaluate([refund(250, "a"), refund(20, "b")], rules=[rules], engine=engine, workers=1)
    (finding,) = [one for one in run.findings if one.rule == "desk.no_refund"]
    assert (finding.subject.trace, finding.severity) == ("a", 5)
    assert "Refunds over 100 need a manager." in [quote.quote for quote in finding.evidence]


def test_a_rule_that_raises_costs_only_its_own_findings(rules):
    run = traceeval.evaluate([refund(250)], rules=[rules])
    assert [one.rule for one in run.findings if one.rule] == ["desk.no_refund"]
    (failure,) = run.summary().failures
    assert failure.startswith("guard.policy(desk.broken): AttributeError")


def test_without_rules_there_are_none():
    assert not [one for one in traceeval.evaluate([refund(250)]).findings if one.rule]


def test_a_rules_file_that_is_missing_is_refused_before_anything_is_read(tmp_path):
    with pytest.raises(ConfigError, match="no Python file"):
        traceeval.evaluate([refund(250)], rules=[tmp_path / "none.py"])


def test_the_command_takes_rules_from_a_flag_and_from_the_configuration(rules, tmp_path, monkeypatch):
    import msgspec

    monkeypatch.chdir(tmp_path)
    (tmp_path / "t.jsonl").write_bytes(msgspec.json.encode(refund(250)) + b"\n")
    common = ["evaluate", "t.jsonl", "--engine", "serial", "--quiet"]
    assert CliRunner().invoke(main, [*common, "--out", "flag", "--rules", str(rules)]).exit_code == 0
    (tmp_path / "traceeval.toml").write_text(f"rules = [{json.dumps(str(rules))}]\n")
    assert CliRunner().invoke(main, [*common, "--out", "config"]).exit_code == 0
    for name in ("flag", "config"):
        rows = [json.loads(line) for line in (tmp_path / name / "findings.jsonl").read_text().splitlines()]
        assert [row["rule"] for row in rows if "rule" in row] == ["desk.no_refund"]


def test_a_failed_run_names_its_steps_and_says_when_it_cannot(rules, tmp_path):
    alone = trace(user("refund it"), call("refund", {"amount": 250}, "ok"), model("I have refunded it."), id="b")
    run = traceeval.evaluate([refund(250, "a"), alone, refund(20, "c")], rules=[rules], out=tmp_path / "out")
    found = {one.trace: one for one in run.attributions}
    assert found["a"].suspects[0].span == "m"
    assert found["a"].suspects[0].reasons[0].startswith("effect: refund took effect")
    assert found["b"].abstained.startswith("one_step")
    assert "c" not in found
    told = run.summary().attributed
    assert (told.failed, told.attributed, told.abstained) == (2, 1, {"one_step": 1})
    assert "No step is named: one_step" in run.report.read_text()
    assert "effect: refund took effect" in run.report.read_text()
