"""Every registered finding and risk rule keeps its contract."""

import pytest

from traceeval.registry import Diagnosis, Registry, RiskRule
from traceeval.testing import check_diagnosis, check_rule


@pytest.mark.parametrize("code", Registry("traceeval.diagnose", Diagnosis).names())
def test_the_finding_keeps_the_contract(code):
    check_diagnosis(code)


@pytest.mark.parametrize("name", Registry("traceeval.risk", RiskRule).names())
def test_the_risk_rule_keeps_the_contract(name):
    check_rule(name)
