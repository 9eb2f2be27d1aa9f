from dataclasses import replace

import pytest
from tests.diagnose._found import RULES

from traceeval.errors import ConfigError
from traceeval.graph import load_rules
from traceeval.model import Evidence
from traceeval.testing import call, dossier_of, trace, user

FILE = """
from traceeval import Breach, policy

@policy("desk.no_refund", severity=4, source="policy.md#refunds", text="Refunds over 100 need a manager.")
def no_refund(graph):
    for call in graph.calls:
        if call.name == "refund" and call.arguments["amount"] > 100:
            yield Breach(call, f"{call.arguments['amount']} was refunded")

@policy("desk.hello", severity=2, source="policy.md", text="Greet.", waived="until May")
def hello(graph):
    yield Breach(graph.steps[0].id, "no greeting")

@policy("desk.who", severity=3, source="policy.md", text="Know who it is.")
def who(graph):
    yield Breach(graph.steps[0].id, "who it was is unknown", missing=("user.id",))
"""


@pytest.fixture
def rules(tmp_path):
    path = tmp_path / "rules.py"
    path.write_text(FILE)
    return load_rules([path])


def broken(rules, *spans):
    dossier = replace(dossier_of(trace(*spans)), rules=rules)
    return {finding.rule: finding for finding in RULES.get("guard.policy").call(dossier)}


def test_a_breach_has_the_rules_severity_and_quotes_the_policy(rules):
    finding = broken(rules, user("hi"), call("refund", {"amount": 250}))["desk.no_refund"]
    assert (finding.code, finding.severity, finding.state) == ("guard.policy", 4, "defect")
    assert finding.text == "desk.no_refund: 250 was refunded"
    assert Evidence(
        span=finding.subject.span, field="policy policy.md#refunds", quote="Refunds over 100 need a manager."
    ) in (finding.evidence)


def test_a_kept_rule_says_nothing(rules):
    assert "desk.no_refund" not in broken(rules, user("hi"), call("refund", {"amount": 50}))


def test_a_waived_breach_is_listed_as_a_remark(rules):
    finding = broken(rules, user("hi"))["desk.hello"]
    assert finding.severity == 1
    assert "waived: until May" in finding.text


def test_a_rule_that_lacked_something_is_undecided(rules):
    finding = broken(rules, user("hi"))["desk.who"]
    assert (finding.state, finding.missing) == ("unknown", ("user.id",))


def test_without_rules_nothing_is_guessed():
    assert not broken((), user("hi"))


def test_a_file_without_rules_or_with_one_id_twice_is_refused(tmp_path):
    empty, twice = tmp_path / "a.py", tmp_path / "b.py"
    empty.write_text("x = 1\n")
    twice.write_text(FILE)
    with pytest.raises(ConfigError, match="no rule"):
        load_rules([empty])
    with pytest.raises(ConfigError, match="two rules"):
        load_rules([twice, twice])
    with pytest.raises(ConfigError, match="no Python file"):
        load_rules([tmp_path / "none.py"])


def test_a_rule_has_to_quote_its_policy(tmp_path):
    path = tmp_path / "c.py"
    path.write_text(FILE.replace('text="Greet."', 'text=" "'))
    with pytest.raises(ConfigError, match="quote the text"):
        load_rules([path])
