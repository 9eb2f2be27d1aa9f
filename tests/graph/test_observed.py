"""Obs(t): what had been seen by a point in time, in order, and how many facts that are."""

from traceeval.graph import ToolBook, TraceGraph
from traceeval.model import ToolSpec
from traceeval.testing import call, model, retrieval, trace, user

SPANS = (
    user("book W1 please"),
    retrieval(("d", "W1 costs 30")),
    model("ok"),
    call("look", {"id": "W1"}, "W1 is free"),
    user("W1 please"),
    call("look", {"id": "W1"}, error="no W1"),
)


def test_everything_seen_before_a_position_is_a_prefix():
    seen = TraceGraph(trace(*SPANS)).observed
    assert [(one.field, one.text) for one in seen.before(4)] == [("user", "book W1 please"), ("hits.d", "W1 costs 30")]
    assert [one.field for one in seen.before(99)] == ["user", "hits.d", "result", "user", "error"]
    assert seen.until(-5) == 0


def test_what_only_repeats_adds_no_fact():
    seen = TraceGraph(trace(*SPANS)).observed
    counts = [seen.facts(at) for at in (0, 1, 2.5, 4.5, 5, 99)]
    assert counts == [0, 3, 5, 7, 7, 8]  # book w1 please | costs 30 | is free | - | no


def test_who_wrote_it_is_said_or_assumed():
    book = ToolBook({"look": ToolSpec(name="look", effect="read", output_trust="untrusted", basis="declared")})
    declared, inferred = TraceGraph(trace(*SPANS), book).observed, TraceGraph(trace(*SPANS)).observed
    told = [(one.trust, one.said) for seen in (declared, inferred) for one in seen.before(4.5) if one.field == "result"]
    assert told == [("untrusted", True), ("trusted", False)]
