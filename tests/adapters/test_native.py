import json

import msgspec
import pytest

from traceeval.adapters import read, read_records
from traceeval.errors import InputError
from traceeval.model import Trace, trace_hash
from traceeval.testing import call, model, retrieval, trace


def line(**fields):
    return msgspec.json.encode(trace(retrieval(("d", "text")), model("yes"), call("f", {"a": 1}), **fields))


def test_a_trace_written_is_read_back_with_its_place(tmp_path):
    path = tmp_path / "traces"
    path.write_bytes(line(id="a") + b"\n\n" + line(id="b") + b"\n")
    first, second, account = read_records([path])
    assert [trace_hash(one) for one in (first, second)] == [
        trace_hash(msgspec.json.decode(line(id=id_), type=Trace)) for id_ in "ab"
    ]
    assert (second.origin.format, second.origin.uri, second.origin.record) == ("native", str(path), "line 3")
    assert (account.records, account.spans, account.balanced) == (2, 8, True)


def test_an_origin_that_was_recorded_stays(tmp_path):
    path = tmp_path / "traces"
    (first,) = read([_written(path, line(id="a"))])
    (again,) = read([_written(tmp_path / "again", msgspec.json.encode(first))])
    assert again.origin.uri == str(path)


def _written(path, data):
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b'{"schema_version":"traceeval/1","id":"a","spans":[],"extra":1}', "unknown field `extra`"),
        (b'{"schema_version":"traceeval/9","id":"a","spans":[]}', "traceeval/9"),
        (b'{"schema_version":"traceeval/1","id":"a","spans":[', "truncated"),
        (b'"a string"', "Expected `object`"),
        (b'{"schema_version":"traceeval/1","id":"\xff","spans":[]}', "utf-8"),
        (
            b'{"schema_version":"traceeval/1","id":"a","spans":[],"reference":' + b"[" * 300 + b"]" * 300 + b"}",
            "nested",
        ),
    ],
)
def test_a_bad_line_is_told_with_its_number_and_costs_no_other(tmp_path, data, says):
    path = _written(tmp_path / "traces", line(id="a") + b"\n" + data + b"\n" + line(id="b"))
    first, bad, second, account = read_records([path])
    assert (first.id, second.id) == ("a", "b")
    assert (bad.code, bad.level, bad.where) == ("record.skipped", "error", f"{path}:2")
    assert says in bad.text
    assert account.dropped == {"record.skipped": 1}
    assert account.balanced


def test_one_document_over_several_lines_is_read(tmp_path):
    path = _written(tmp_path / "one", json.dumps(json.loads(line(id="a")), indent=2).encode())
    assert [one.id for one in read([path])] == ["a"]


def test_numbers_over_64_bits_become_texts_so_that_every_encoder_can_write_them(tmp_path):
    data = line(id="a").replace(b'"a":1', b'"a":' + b"9" * 40)
    (read_back,) = read([_written(tmp_path / "huge", data)])
    assert read_back.spans[3].body.arguments == {"a": "9" * 40}
    msgspec.msgpack.encode(read_back)


def test_a_broken_tree_is_mended_and_told(tmp_path):
    spans = [
        {"id": "x", "kind": "agent"},
        {"id": "y", "kind": "tool", "parent": "z"},
        {"id": "z", "kind": "tool", "parent": "y"},
        {"id": "x", "kind": "agent"},
    ]
    row = {"schema_version": "traceeval/1", "id": "a", "spans": spans}
    fixed, account = read_records([_written(tmp_path / "broken", json.dumps(row).encode())])
    assert {span.id: span.parent for span in fixed.spans} == {"x": None, "y": "x", "z": "y"}
    assert {"tree.cycle", "span.duplicate"} == {note.code for note in fixed.diagnostics}
    assert account.balanced
    assert account.folded == {"span.duplicate": 1}


def test_a_span_written_twice_is_folded(tmp_path):
    spans = [{"id": "x", "kind": "agent"}, {"id": "x", "kind": "agent"}]
    row = {"schema_version": "traceeval/1", "id": "a", "spans": spans}
    fixed, account = read_records([_written(tmp_path / "twice", json.dumps(row).encode())])
    assert len(fixed.spans) == 1
    assert account.folded == {"span.duplicate": 1}


def test_reading_only_what_cannot_be_read_raises_with_the_place(tmp_path):
    path = _written(tmp_path / "bad", b'{"schema_version":"traceeval/1","id":1}\n')
    with pytest.raises(InputError, match=r"bad:1.*Expected `str`"):
        list(read([path]))
