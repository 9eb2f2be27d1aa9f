"""R-POL: the worst violation of a policy rule."""

import pytest

from traceeval.model import Component, Evidence, Finding, Subject
from traceeval.testing import call, user


def broken(severity, code="guard.policy", state="defect"):
    quote = Evidence(span="s2", field="call", quote="refund")
    return Finding(
        code=code,
        component=Component.GUARD,
        subject=Subject(trace="t", span="s2"),
        severity=severity,
        text="over the limit",
        state=state,
        evidence=(quote,),
    )


def ask(why, *findings):
    return why("policy_breach", user("refund"), call("refund_order", {"id": "A-1"}), findings=findings)


def test_the_worst_violation_sets_weight_and_floor(why):
    reason = ask(why, broken(3), broken(5))
    assert (reason.weight, reason.floor) == (3.0, 5)
    assert "and 1 more" in reason.text
    assert ask(why, broken(3)).weight == pytest.approx(1.8)


@pytest.mark.parametrize("finding", [broken(5, state="unknown"), broken(5, code="guard.unconfirmed_write")])
def test_an_unknown_or_another_rule_is_none(why, finding):
    assert ask(why, finding) is None


def test_the_contract_of_a_rule_holds(contract):
    contract("policy_breach")
