"""The final state against the expected one (trajectories.md section 7.4)."""

from tests.scorers.planner._make import SCORERS, reading

from traceeval.graph import TraceGraph, build_views
from traceeval.model import Reference
from traceeval.testing import trace

EXPECTED = {"orders": [{"id": "A1", "status": "refunded", "at": {"$ignore": True}}], "log": []}


def state(actual, expected=EXPECTED, **options):
    made = trace(state=actual, reference=Reference(state=expected))
    return SCORERS.get("planner.state").call(build_views(TraceGraph(made)).calls, **options)


def test_the_expected_state_is_one():
    assert state({"log": [], "orders": [{"id": "A1", "status": "refunded", "at": 17}]}).value == 1


def test_without_an_expected_state_it_does_not_arise():
    assert reading("state", [], []).status == "not_applicable"


def test_every_path_is_named():
    found = state({"orders": [{"id": "A1", "status": "paid"}, {"id": "A2"}]})
    assert found.value == 0
    assert found.why == "state_differs: changed 1: orders.[A1].status; added 1: orders.[A2]; removed 1: log"


def test_paths_can_be_left_out():
    assert state({"orders": [{"id": "A1", "status": "refunded"}], "log": ["x"]}, ignore=("log",)).value == 1


def test_paths_the_reference_leaves_free_do_not_count():
    left = {"a": 2, "b": {"x": 1}}
    for free, value in (((), 0), (("a",), 0), (("a", "b.*"), 1)):
        made = trace(state=left, reference=Reference(state={"a": 1, "b": {}}, free=free))
        assert SCORERS.get("planner.state").call(build_views(TraceGraph(made)).calls).value == value


def test_a_state_nobody_recorded_decides_nothing():
    assert state(None).status == "failed"


def test_a_huge_difference_is_cut():
    found = state({"orders": [], "log": list(range(5000))})
    assert found.why.endswith("or more")
    assert len(found.why) < 1000


def test_a_bad_matcher_fails_and_says_where():
    assert state({}, {"a": {"$num": "x"}}).why.startswith("bad_reference: state: matcher $num")
