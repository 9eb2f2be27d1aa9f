"""Entities of calls and their versions."""

import pytest

from traceeval.graph import ToolBook, TraceGraph
from traceeval.model import ToolSpec
from traceeval.testing import call, trace, user

TOOLS = {
    "get": ToolSpec(name="get", effect="read", entity=("id",), arg_roles={"id": "resource"}, basis="declared"),
    "put": ToolSpec(name="put", effect="write", entity=("id",), arg_roles={"id": "resource"}, basis="declared"),
    "move": ToolSpec(name="move", effect="write", entity=("pair",), arg_roles={"pair": "resource"}, basis="declared"),
    "ping": ToolSpec(name="ping", effect="write", entity=(), arg_roles={}, basis="declared"),
    "mail": ToolSpec(
        name="mail", effect="external", arg_roles={"to": "destination", "body": "content"}, basis="declared"
    ),
    "odd": ToolSpec(name="odd", arg_roles={"id": "resource"}, basis="declared"),
}


def graph(*spans):
    return TraceGraph(trace(user("go"), *spans), ToolBook(TOOLS))


@pytest.mark.parametrize(
    ("name", "arguments", "ids"),
    [
        ("get", {"id": "#W12", "note": "x"}, {"w12"}),
        ("get", {"id": 7.0}, {"7"}),
        ("get", {"id": ["A", "b"]}, {"a", "b"}),
        ("get", {"id": None}, set()),
        ("move", {"pair": {"from": "A1", "to": "B2"}}, {"a1", "b2"}),
        ("ping", {"id": "A"}, set()),
        ("mail", {"to": "Bo@corp.example", "body": "hi"}, {"bo@corp.example"}),
        ("get_order", {"order_id": "O-1", "limit": 3}, {"o-1"}),
        ("get", None, set()),
    ],
)
def test_a_call_touches_its_declared_entities_else_its_ids_and_addresses(name, arguments, ids):
    one = graph(call(name, arguments))
    assert one.entities.of(one.calls[0]) == ids


def test_a_version_counts_the_successful_writes_before():
    one = graph(
        call("get", {"id": "A"}),
        call("put", {"id": "a"}),
        call("put", {"id": "A"}, error="no"),
        call("put", {"id": "B"}),
        call("move", {"pair": ["A", "C"]}),
        call("get", {"id": "A"}),
    )
    assert [one.entities.version("a", at) for at in (2, 3, 4, 6, 7, 99)] == [0, 0, 1, 1, 2, 2]
    assert one.entities.versions(one.calls[-1]) == (("a", 2),)
    assert one.entities.version("nobody", 99) == 0


def test_writes_are_those_strictly_between():
    one = graph(*(call("put", {"id": "A"}) for _ in range(4)), call("put", {"id": "B"}))
    ids = frozenset({"a"})
    assert [made.at for made in one.entities.writes(ids, 2, 5)] == [3, 4]
    assert list(one.entities.writes(ids, 3, 4)) == []


def test_what_may_have_written_is_wider_than_what_did():
    one = graph(
        call("get", {"id": "A"}),
        call("odd", {"id": "A"}),
        call("odd", {}),
        call("put", {"id": "A"}, result=None),
        call("put", {"id": "A"}, error="no"),
        call("ping", {}),
        call("odd", {"id": "B"}),
    )
    ids = frozenset({"a"})
    assert list(one.entities.writes(ids, 0, 99)) == []
    assert {made.at for made in one.entities.may_write(ids, 0, 99)} == {3, 4, 5}
    assert {made.at for made in one.entities.may_write(frozenset(), 0, 99)} == {3, 4, 5, 8}
