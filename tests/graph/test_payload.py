"""Results as data: what is JSON, the records in it, and the last one that was seen before a call."""

from traceeval.graph import TraceGraph, done, last_read, newest, payload, records
from traceeval.testing import call, trace


def calls(*spans):
    return TraceGraph(trace(*spans)).calls


def test_a_result_is_data_only_when_it_is_whole_json():
    good, text, broken = calls(call("a", {}, {"id": 1}), call("b", {}, "id is 1"), call("c", {}, '{"id": '))
    assert payload(good) == {"id": 1}
    assert payload(text) is None
    assert payload(broken) is None


def test_records_know_the_list_they_stand_in():
    found = list(records({"total": 2, "items": [{"id": "A"}, {"id": "B", "more": {"x": 1}}]}))
    assert [(dict(one.values), one.siblings) for one in found] == [
        ({"total": 2}, None),
        ({"id": "A"}, 1),
        ({"id": "B"}, 1),
        ({"x": 1}, None),
    ]


def test_the_newest_is_the_last_seen_before_a_call_was_asked_for():
    first, second, acting, later = calls(
        call("get", {}, {"order_id": "A", "total": 1}),
        call("get", {}, {"found": [{"order_id": "A", "total": 2}]}),
        call("act", {}, "ok"),
        call("get", {}, {"order_id": "A", "total": 3}),
    )
    every = (first, second, acting, later)
    assert newest(every, acting, "order_id", "A") == (second, {"order_id": "A", "total": 2})
    assert newest(every, acting, "order_id", "B") is None
    assert newest(every, first, "order_id", "A") is None


def test_done_are_the_calls_that_worked_and_have_arguments():
    worked, failed, other = calls(
        call("pay", {"sum": 1}, "ok"), call("pay", {"sum": 2}, None, error="refused"), call("get", {"sum": 3}, "ok")
    )
    assert list(done((worked, failed, other), "pay")) == [(worked, {"sum": 1})]


def test_what_was_last_read_is_of_the_same_arguments_and_from_before():
    every = calls(
        call("user", {"id": "u1"}, {"tier": "gold"}),
        call("user", {"id": "u2"}, {"tier": "none"}),
        call("act", {}, "ok"),
        call("user", {"id": "u1"}, {"tier": "silver"}),
    )
    assert last_read(every, every[2], "user", id="u1") == {"tier": "gold"}
    assert last_read(every, every[2], "user") == {"tier": "none"}
    assert last_read(every, every[0], "user", id="u1") is None
