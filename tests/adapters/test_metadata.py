"""What an application said about a whole run arrives, from whichever key its tracer uses."""

import json

import msgspec
import pytest

from traceeval.model import trace_hash


def read_one(otlp, read_bytes, *spans, **resource):
    (trace,), _, _ = read_bytes(json.dumps(otlp.export(*spans, **resource)))
    return trace


@pytest.mark.parametrize(
    ("attributes", "metadata", "tags"),
    [
        ({"metadata": '{"tenant": "acme", "customer": {"tier": "gold"}}'}, ("customer", {"tier": "gold"}), None),
        ({"tag__tags": ["beta", "vip", "beta"]}, None, ("beta", "vip")),
        ({"user__id": "u-1"}, ("user.id", "u-1"), None),
        ({"langfuse__trace__metadata__tenant": "acme"}, ("tenant", "acme"), None),
        ({"langfuse__trace__metadata": '{"tenant": "acme"}'}, ("tenant", "acme"), None),
        ({"langfuse__trace__tags": '["beta"]', "langfuse__user__id": "u-2"}, ("user.id", "u-2"), ("beta",)),
        ({"langfuse__environment": "staging"}, ("environment", "staging"), None),
        ({"langsmith__metadata__plan": "pro", "langsmith__span__tags": "beta, vip"}, ("plan", "pro"), ("beta", "vip")),
        ({"traceloop__association__properties__chat": "c9"}, ("chat", "c9"), None),
        ({"logfire__tags": ["beta"], "gen_ai__operation__name": "chat"}, None, ("beta",)),
    ],
)
def test_each_tracers_own_keys(otlp, read_bytes, attributes, metadata, tags):
    trace = read_one(otlp, read_bytes, otlp.span("agent", openinference__span__kind="AGENT", **attributes))
    if metadata is None:
        assert trace.metadata is None
    else:
        assert trace.metadata[metadata[0]] == metadata[1]
    assert trace.tags == tags


def test_where_it_ran_is_taken_from_the_resource(otlp, read_bytes):
    trace = read_one(otlp, read_bytes, otlp.span("agent"), deployment__environment__name="prod", host__name="h1")
    assert trace.metadata == {"environment": "prod"}


def test_the_outermost_span_is_believed_and_a_framework_s_own_metadata_is_not_mixed_in(otlp, read_bytes):
    trace = read_one(
        otlp,
        read_bytes,
        otlp.span("node", "agent", at=0.1, end=0.5, metadata='{"tenant": "other", "langgraph_step": 3}'),
        otlp.span("agent", metadata='{"tenant": "acme"}'),
    )
    assert trace.metadata == {"tenant": "acme"}


def test_metadata_set_below_a_server_span_is_found(otlp, read_bytes):
    trace = read_one(
        otlp, read_bytes, otlp.span("POST /chat"), otlp.span("agent", "POST /chat", at=0.1, metadata='{"tenant": "a"}')
    )
    assert trace.metadata == {"tenant": "a"}


@pytest.mark.parametrize("value", ["not json", "[1, 2]", '{"a": ', 7, "{}"])
def test_metadata_that_is_no_object_is_none(otlp, read_bytes, value):
    assert read_one(otlp, read_bytes, otlp.span("agent", metadata=value)).metadata is None


def test_nothing_said_stays_out_of_the_trace(otlp, read_bytes):
    trace = read_one(otlp, read_bytes, otlp.span("agent"))
    assert (trace.metadata, trace.tags) == (None, None)
    assert not {"metadata", "tags"} & set(json.loads(msgspec.json.encode(trace)))


def test_conversations_bring_theirs(read_bytes):
    row = {"messages": [{"role": "user", "content": "hi"}], "metadata": {"tenant": "acme"}, "tags": ["beta"]}
    (trace,), _, _ = read_bytes(json.dumps(row))
    assert (trace.metadata, trace.tags) == ({"tenant": "acme"}, ("beta",))


def test_native_lines_keep_them_and_the_hash_does_not_change(otlp, read_bytes):
    trace = read_one(otlp, read_bytes, otlp.span("agent", metadata='{"tenant": "acme"}', tag__tags=["beta"]))
    (again,), _, _ = read_bytes(msgspec.json.encode(trace))
    assert (again.metadata, again.tags) == ({"tenant": "acme"}, ("beta",))
    assert trace_hash(again) == trace_hash(msgspec.structs.replace(trace, metadata=None, tags=None))
