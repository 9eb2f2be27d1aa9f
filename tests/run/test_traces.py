"""``traces.parquet``: what a trace was about, what it took, and its steps."""

import msgspec
import pyarrow.parquet as pq
import pytest

import traceeval
from traceeval.model import Fault, Retrieval, Usage
from traceeval.risk import load_policy
from traceeval.run._traces import inputs_of
from traceeval.testing import call, model, retrieval, trace, user


def row(made, policy=None):
    run = traceeval.evaluate([made], policy=policy)
    (found,) = pq.read_table(run.folder / "traces.parquet").to_pylist()
    return found


def test_conversations_are_the_same_case_only_when_every_turn_is():
    hello = trace(user("hello"), user("cancel it"), question="hello")
    assert inputs_of(hello) == inputs_of(msgspec.structs.replace(hello, id="other", answer="done"))
    assert inputs_of(hello) != inputs_of(trace(user("hello"), user("refund it"), question="hello"))
    assert inputs_of(trace(model("hi"))) is None


def test_part_of_a_cost_is_none():
    priced = msgspec.structs.replace(load_policy(), prices={"scripted": (1.0, 2.0)})
    known = model("a", usage=Usage(input=1_000_000, output=500_000))
    body = msgspec.structs.replace(known.body, model="who knows")
    unknown = msgspec.structs.replace(model("b", usage=Usage(input=10, output=10)), body=body)
    assert row(trace(known), priced)["cost"] == pytest.approx(2.0)
    assert row(trace(known, unknown), priced)["cost"] is None
    assert row(trace(model("a")))["cost"] is None
    assert row(trace(known))["tokens_in"] == 1_000_000


def test_steps_are_searches_and_calls_in_order_with_what_failed():
    failed = msgspec.structs.replace(
        call("send", {"b": 2, "a": 1}), error=Fault(type="Timeout", message="secret words")
    )
    made = trace(user("go"), retrieval(("d1", "x"), ("d2", "y")), call("read", {"id": 7}, "ok"), failed)
    told = row(made)["steps"]
    assert told == ["retriever: d1, d2", 'read({"id":7})', 'send({"a":1,"b":2}) -> error Timeout']


def test_a_long_step_is_cut_and_still_differs_where_its_end_does():
    one, other = (row(trace(call("write", {"text": "x" * 5000 + end}, "ok")))["steps"][0] for end in ("1", "2"))
    assert one[:300] == other[:300]
    assert one != other
    assert len(one) < 330


def test_a_search_without_a_record_of_its_hits_says_so():
    bare = retrieval(("d", "x"))
    bare = msgspec.structs.replace(bare, body=Retrieval(query="q"))
    assert row(trace(bare))["steps"] == ["retriever: not recorded"]


def test_tools_and_documents_have_columns_of_their_own_whatever_they_are_called():
    """A search named like a call, a document with commas in its name: nothing is read out of text."""
    made = trace(
        user("go"), retrieval(("a, b", "x"), ("tool(1)", "y")), call("read: it", {"id": 7}, "ok"), call("read: it")
    )
    told = row(made)
    assert told["tools"] == ["read: it", "read: it"]
    assert told["documents"] == ["a, b", "tool(1)"]


def test_nothing_found_and_not_recorded_are_two_things():
    bare = msgspec.structs.replace(retrieval(("d", "x")), body=Retrieval(query="q"))
    assert row(trace(bare))["documents"] is None
    assert row(trace(msgspec.structs.replace(bare, body=Retrieval(query="q", hits=()))))["documents"] == []
    assert row(trace(user("go"), call("read", {}, "ok")))["documents"] is None
