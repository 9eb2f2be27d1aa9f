"""Every registered finding and risk rule keeps its contract; planted defects are found in the repository's own traces."""

from pathlib import Path

import pytest

from traceeval.adapters import read
from traceeval.graph import load_tools
from traceeval.registry import Diagnosis, Registry, RiskRule
from traceeval.testing import Carrier, check_diagnosis, check_rule

ROOT = Path(__file__).resolve().parents[2]
CODES = Registry("traceeval.diagnose", Diagnosis).names()
MOST = 45


@pytest.fixture(scope="module")
def carriers():
    """Traces of agents first, then the others."""
    tools = load_tools(ROOT / "examples" / "support_desk" / "tools.yaml")
    found = [Carrier(trace, tools) for trace in read(sorted((ROOT / "traces").glob("*.otlp.jsonl")))]
    return sorted(found, key=lambda one: -len(one.graph.calls))[:MOST]


@pytest.mark.parametrize("code", CODES)
def test_the_finding_keeps_the_contract_and_finds_what_is_planted(code, carriers):
    tally = check_diagnosis(code, carriers=carriers)
    if tally is not None and tally.planted:
        assert tally.killed >= 0.95 * tally.planted
        assert tally.alarms <= 0.02 * tally.twins


@pytest.mark.parametrize("name", Registry("traceeval.risk", RiskRule).names())
def test_the_risk_rule_keeps_the_contract(name):
    check_rule(name)
