import gzip
import hashlib
import json

import msgspec
import pytest

from traceeval.adapters import read, read_records
from traceeval.errors import InputError
from traceeval.model import Diagnostic, Trace, trace_hash
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


@pytest.mark.parametrize(
    ("whole", "written", "read_as"),
    [
        ('"score":0.99', '"score":NaN', None),
        ('"score":0.99', '"score":1e999', None),
        (':"text"', ':"te\\ud800xt"', "te?xt"),
    ],
)
def test_what_a_lax_writer_wrote_is_read_and_said(tmp_path, whole, written, read_as):
    data = line(id="a").decode().replace(whole, written, 1)
    found, account = read_records([_written(tmp_path / "traces", data.encode())])
    hit = found.spans[1].body.hits[0]
    assert read_as in (hit.score, hit.text)
    (note,) = found.diagnostics
    assert (note.code, note.level, note.where) == ("json.mended", "warn", f"{tmp_path / 'traces'}:1")
    assert account.balanced


def _pretty(*lines):
    return b"\n".join(msgspec.json.format(one, indent=2) for one in lines)


@pytest.mark.parametrize(
    "data",
    [
        b"[" + line(id="a") + b", " + line(id="b") + b"]",
        b"[\n" + line(id="a") + b",\n" + line(id="b") + b"\n]\n",
        b"\xef\xbb\xbf" + _pretty(line(id="a"), line(id="b")),
        _pretty(b"[" + line(id="a") + b"," + line(id="b") + b"]"),
    ],
)
def test_a_list_of_traces_and_traces_over_several_lines_are_read(tmp_path, data):
    records = list(read_records([_written(tmp_path / "traces", data)]))
    assert [record.code for record in records if isinstance(record, Diagnostic)] == ["input.bom"] * (
        data[:1] == b"\xef"
    )
    first, second, account = (record for record in records if not isinstance(record, Diagnostic))
    assert (first.id, second.id) == ("a", "b")
    assert (account.records, account.kept["record"], account.balanced) == (2, 2, True)


def test_of_a_list_only_what_is_no_trace_is_left_out(tmp_path):
    data = b"[" + line(id="a") + b', {"id": 3}, ' + line(id="b") + b"]"
    first, bad, second, account = read_records([_written(tmp_path / "traces", data)])
    assert (first.id, bad.code, second.id) == ("a", "record.skipped", "b")
    assert account.balanced


def test_whole_lines_of_a_cut_gzip_are_kept(tmp_path):
    data = b"\n".join(
        line(id=str(number), question=hashlib.sha256(b"%d" % number).hexdigest()) for number in range(400)
    )
    packed = gzip.compress(data)
    *found, bad, account = read_records([_written(tmp_path / "traces", packed[: len(packed) * 9 // 10])])
    assert [one.id for one in found] == [str(number) for number in range(len(found))]
    assert len(found) > 100
    assert (bad.code, bad.level) == ("input.truncated", "error")
    assert account.balanced
