import json
from collections.abc import Iterator

import msgspec
import pytest

from traceeval.adapters import ADAPTERS, Tally
from traceeval.model import Diagnostic, LossReport
from traceeval.registry import adapter
from traceeval.testing import call, check_adapter, model, retrieval, trace

NATIVE = b"".join(
    msgspec.json.encode(trace(retrieval(("d", "text")), model("yes"), call("f", {"a": 1}), id=id_)) + b"\n"
    for id_ in "abc"
)
SPAN = {"traceId": "ab" * 16, "spanId": "cd" * 8, "name": "a", "startTimeUnixNano": "1", "attributes": []}
WHOLE = {
    "native": NATIVE,
    "otlp": json.dumps({"resourceSpans": [{"scopeSpans": [{"spans": [SPAN]}]}]}).encode(),
    "openai": json.dumps([{"role": "user", "content": "q"}, {"role": "assistant", "content": "a"}]).encode(),
    "groupchat": json.dumps(
        {"history": [{"role": "Planner", "content": "p"}, {"role": "Web", "content": "w"}]}
    ).encode(),
    "prose": json.dumps(
        {"rounds": [[{"role": "user", "content": "go"}, {"role": "agent", "action": 'Look{"a": 1}'}]]}
    ).encode(),
    "trec": b"q Q0 d 1 0.5 tag\nq Q0 e 2 0.4 tag\n",
    "gold": b'{"trace": "a", "documents": {"d": 1}}\n{"question": "q", "answer": "yes"}\n',
    "labels": b'{"trace": "a", "file": "f", "fault": "x", "component": "tool", "finding": "tool.x"}\n',
}


@pytest.mark.parametrize("name", ADAPTERS.names())
def test_every_adapter_keeps_its_promises(name):
    check_adapter(name, WHOLE[name], least=0 if name == "labels" else 1)


def broken(kind):
    @adapter("broken", sniff=lambda sample: (0.0, ""))
    def read(stream, where) -> Iterator[object]:
        data = stream.read()
        if kind == "raises" and len(data) < 3:
            raise KeyError(where)
        yield Diagnostic(code="c", level="info", text="t")
        tally = Tally("broken", where)
        if kind == "loses":
            tally.records = 1
        if kind != "silent":
            yield tally.report()

    return read.__plugin__


@pytest.mark.parametrize(
    ("kind", "error"), [("raises", KeyError), ("loses", AssertionError), ("silent", AssertionError)]
)
def test_a_broken_adapter_is_caught(monkeypatch, kind, error):
    monkeypatch.setattr(type(ADAPTERS), "get", lambda self, name: broken(kind))
    with pytest.raises(error):
        check_adapter("broken", b"12345678", least=0)


def test_an_honest_one_is_not(monkeypatch):
    monkeypatch.setattr(type(ADAPTERS), "get", lambda self, name: broken("honest"))
    assert isinstance(check_adapter("broken", b"12345678")[-1], LossReport)
