"""A risk rule on a trace written in a line or two, with the shipped policy."""

import pytest

from traceeval.graph import Dossier, ToolBook, TraceGraph
from traceeval.model import Basis, Policy, ToolSpec
from traceeval.registry import Registry, RiskRule
from traceeval.risk import load_policy
from traceeval.testing import check_rule, trace

RULES = Registry("traceeval.risk", RiskRule)


@pytest.fixture
def why():
    """``why(rule, *spans)``: the reason, or None. ``specs``: tool -> fields of its declared annotation."""

    def ask(name, *spans, specs=None, findings=(), scores=None, checked=None, usual=None, **fields):
        declared = {tool: ToolSpec(name=tool, basis=Basis.DECLARED, **spec) for tool, spec in (specs or {}).items()}
        graph = TraceGraph(trace(*spans, **fields), ToolBook(declared))
        policy: Policy = load_policy()
        dossier = Dossier(
            graph=graph, scores=scores or {}, findings=findings, checked=checked, policy=policy, usual=usual
        )
        return RULES.get(name).call(dossier)

    return ask


@pytest.fixture
def contract():
    """The checks every rule must pass."""
    return check_rule
