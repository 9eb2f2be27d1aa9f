"""What is usual among the traces of a run reaches the rules, whatever the engine and the order."""

import json

import pytest

import traceeval
from traceeval.testing import call, model, trace, user


def run_of(*extra, engine="serial"):
    usual = [
        trace(user("Where is it?"), call("get_order", {"id": f"A-{n}"}), model("On its way."), id=f"t{n}", scenario="s")
        for n in range(25)
    ]
    return traceeval.evaluate([*extra, *usual], engine=engine)


def told(run):
    """Trace -> rules and codes about its peers."""
    risks = map(json.loads, (run.folder / "risk.jsonl").read_text(encoding="utf-8").splitlines())
    reasons = [(risk["trace"], why["rule"]) for risk in risks for why in risk["reasons"] if why["rule"] == "unusual"]
    over = [(one.subject.trace, one.code) for one in run.findings if one.code == "planner.budget"]
    return sorted(reasons + over)


@pytest.mark.parametrize("engine", ["serial", "pool"])
def test_a_trace_unlike_the_others_is_told_though_it_comes_first(engine):
    calls = [call("get_order", {"id": "A-1"}) for _ in range(9)]
    odd = trace(user("Where is it?"), *calls, call("drop_table", {}), model("Done."), id="odd", scenario="s")
    found = told(run_of(odd, engine=engine))
    assert set(found) == {("odd", "planner.budget"), ("odd", "unusual")}


def test_traces_like_the_others_have_nothing_unusual():
    assert told(run_of()) == []


def test_a_scenario_recorded_once_cannot_tell():
    once = trace(user("Where is it?"), call("get_order", {"id": "A-1"}), model("Gone."), id="once", scenario="rare")
    (finding,) = [one for one in run_of(once).findings if one.code == "planner.budget"]
    assert (finding.state, finding.missing) == ("unknown", ("peers",))
