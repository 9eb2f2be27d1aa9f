"""What is drafted of a tool, and the evidence it rests on."""

from traceeval.graph import Drafts, TraceGraph
from traceeval.model import ToolOffer
from traceeval.testing import call, model, trace, user


def drafted(*traces):
    drafts = Drafts()
    for one in traces:
        drafts.take(TraceGraph(one))
    return {draft.name: {line.field: line for line in draft.lines} for draft in drafts.all()}


def test_equal_calls_with_other_results_are_volatile_unless_something_was_written_between():
    look = call("get_room", {"id": "A"}, "free")
    later = call("get_room", {"id": "A"}, "taken")
    moved = drafted(trace(look, later))["get_room"]["volatile"]
    assert (moved.value, "1 of 1 equal calls" in moved.why) == (True, True)
    assert drafted(trace(look, look))["get_room"]["volatile"].value is False
    assert "volatile" not in drafted(trace(look, call("book_room", {"id": "A"}), later))["get_room"]


def test_a_change_is_drafted_with_what_it_allows():
    lines = drafted(trace(user("cancel A"), model("Shall I?"), user("yes"), call("cancel_order", {"order_id": "A"})))
    found = {name: (line.value, line.sure) for name, line in lines["cancel_order"].items()}
    assert found == {
        "effect": ("write", True),
        "idempotent": (True, True),
        "reversible": (False, True),
        "confirm": ("always", False),
        "entity": (["order_id"], True),
        "arg_roles": ({"order_id": "resource"}, True),
    }
    assert "agreed before 1 of 1 calls" in lines["cancel_order"]["confirm"].why


def test_habits_are_proposals_and_need_five_calls():
    run = trace(call("get_order", {"order_id": "A"}, "x"), call("refund_order", {"order_id": "A"}))
    assert "precondition_reads" not in drafted(run)["refund_order"]
    line = drafted(*[run] * 5)["refund_order"]["precondition_reads"]
    assert (line.value, line.sure) == (["get_order"], False)
    assert drafted(*[run] * 5)["refund_order"]["ends"].sure is False
    other = trace(call("get_order", {"order_id": "B"}, "x"), call("refund_order", {"order_id": "A"}))
    lines = drafted(*[run] * 4, other)["refund_order"]
    assert "precondition_reads" not in lines
    assert lines["after"].value == ["get_order"]


def test_a_tool_whose_effect_nobody_can_tell_is_asked_about():
    records = [call("zorgle", {"q": n}, {"a": 1, "b": 2, "c": {"d": n}}) for n in range(3)]
    line = drafted(trace(*records))["zorgle"]["effect"]
    assert (line.value, line.sure) == ("read", False)
    assert "look like records" in line.why
    assert "look like records" not in drafted(trace(call("zorgle", {}, "ok")))["zorgle"]["effect"].why


def test_a_tool_that_was_only_offered_is_drafted_from_its_schema():
    offered = ToolOffer(name="send_note", parameters={"properties": {"to": {}, "text": {}}})
    lines = drafted(trace(user("hi"), model("hello", tools=[offered])))["send_note"]
    assert lines["arg_roles"].value == {"text": "content", "to": "destination"}
