"""Expected calls, forbidden calls and final states from files to scores."""

import json

import msgspec

import traceeval
from traceeval.model import trace_hash
from traceeval.testing import call, trace

GOLD = {
    "trace": "t",
    "calls": [
        {"tool": "find_order", "id": "found"},
        {
            "tool": "refund_order",
            "args": {"order": {"$ref": "found.result.order"}, "amount": {"$num": {"value": 10, "abs": 1}}},
        },
    ],
    "forbidden": [{"tool": "delete_user"}],
    "state": {"orders": {"A1": {"status": "refunded"}}},
    "reached": [{"path": "orders.A1.status", "value": "refunded"}],
}


def scored(tmp_path, made):
    traces, gold = tmp_path / "traces.jsonl", tmp_path / "gold.jsonl"
    traces.write_bytes(msgspec.json.encode(made))
    gold.write_text(json.dumps(GOLD))
    run = traceeval.evaluate(traceeval.read([traces]), gold=traceeval.read_gold(gold))
    frame = run.scores.set_index("scorer")
    return {name: frame.loc[name, "value"] for name in frame.index if name.startswith(("planner.", "tool.exact"))}


def test_everything_as_expected(tmp_path):
    found = scored(
        tmp_path,
        trace(
            call("find_order", {}, {"order": "A1"}),
            call("refund_order", {"order": "A1", "amount": 10.5}),
            state={"orders": {"A1": {"status": "refunded"}}},
        ),
    )
    assert {name: value for name, value in found.items() if value != 1} == {
        "planner.extra_changes": 0,
        "planner.extra_read_cost": 0,
        "planner.order_violations": 0,
    }


def test_everything_wrong(tmp_path):
    found = scored(
        tmp_path,
        trace(call("delete_user", {}), call("refund_order", {"order": "A2", "amount": 10}), state={"orders": {}}),
    )
    assert (
        found["tool.exact"] == found["planner.milestones"] == found["planner.forbidden"] == found["planner.state"] == 0
    )
    assert found["planner.extra_changes"] == 2
    assert 0 < found["planner.alignment"] < 1


def test_the_final_state_is_part_of_what_was_recorded():
    bare = trace(call("f", {}))
    assert trace_hash(bare) != trace_hash(msgspec.structs.replace(bare, state={}))
    assert trace_hash(bare) == trace_hash(msgspec.structs.replace(bare, state=None))
