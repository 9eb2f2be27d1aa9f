"""R-PRIV: privileged, external or final, and nobody consented."""

import pytest

from traceeval.model import Component, Finding, Subject
from traceeval.testing import call, user

SPECS = {"grant_access": {"effect": "privileged"}, "save": {"effect": "write", "reversible": True}}


def named(state="defect", code="guard.unconfirmed_write"):
    return Finding(
        code=code, component=Component.GUARD, subject=Subject(trace="t", span="s2"), severity=4, text="x", state=state
    )


def ask(why, *findings, said="hello there", tool="grant_access"):
    return why("unconfirmed_privilege", user(said), call(tool, {"to": "bo"}), specs=SPECS, findings=findings)


@pytest.mark.parametrize("code", ["guard.unconfirmed_write", "guard.confirmation_mismatch"])
def test_a_finding_on_consent_about_a_grave_call_weighs_in_full(why, code):
    reason = ask(why, named(code=code))
    assert reason.weight == 2.5
    assert reason.findings == (code,)


def test_where_nobody_said_whether_consent_is_needed_the_request_decides(why):
    assert ask(why, named("unknown")).weight == pytest.approx(1.5)
    assert ask(why, named("unknown"), said="please grant access to bo") is None


@pytest.mark.parametrize(("findings", "tool"), [((), "grant_access"), ((named(),), "save")])
def test_without_a_finding_or_a_grave_call_there_is_none(why, findings, tool):
    assert ask(why, *findings, tool=tool) is None


def test_the_contract_of_a_rule_holds(contract):
    contract("unconfirmed_privilege")
