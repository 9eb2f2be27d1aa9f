"""Arguments of paired calls (metrics.md section 7.2)."""

import pytest

from tests.scorers.planner._make import SPECS
from traceeval.graph import ToolBook, TraceGraph, calls_view
from traceeval.model import Reference, ToolSpec
from traceeval.registry import Registry, Scorer
from traceeval.testing import call, expect, trace

ARGS = Registry("traceeval.scorers", Scorer).get("tool.args").call
BOOK = {**SPECS, "pay": ToolSpec(name="pay", effect="write", arg_roles={"to": "destination", "sum": "amount"})}


def f1(given, expected, **options):
    made = trace(call("pay", given), reference=Reference(calls=(expect("pay", expected),)))
    return ARGS(calls_view(TraceGraph(made, ToolBook(BOOK))), **options)


@pytest.mark.parametrize(
    ("given", "value"),
    [
        ({"to": "A", "sum": 1}, 1),
        ({"to": "B", "sum": 1}, 0.5),
        ({"to": "A"}, 2 / 3),
        ({"to": "A", "sum": 1, "note": "x"}, 0.8),
        ({"to": "B", "sum": 2}, 0),
    ],
)
def test_wrong_counts_twice_missing_and_extra_once(given, value):
    assert f1(given, {"to": "A", "sum": 1}).value == pytest.approx(value)


def test_one_role_alone():
    given, expected = {"to": "B", "sum": 1}, {"to": "A", "sum": 1}
    assert f1(given, expected, role="destination").value == 0
    assert f1(given, expected, role="amount").value == 1
    assert f1(given, expected, role="credential").status == "undefined"
