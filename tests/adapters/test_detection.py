import gzip
import json

import pytest

from traceeval.adapters import ADAPTERS, read, read_records
from traceeval.errors import InputError, LimitExceeded, UnknownFormat, UnknownPlugin
from traceeval.model import Diagnostic, LossReport, Trace


def test_an_unknown_format_lists_what_was_tried_and_why_each_refused(tmp_path, read_bytes):
    traces, (note,), account = read_bytes('{"foo": 1}\n')
    assert traces == []
    assert (note.code, note.level) == ("input.unknown", "error")
    assert all(f"{name}: " in note.text for name in ADAPTERS.names())
    assert "--from" in note.text
    assert account.dropped == {"record.unknown": 1}
    with pytest.raises(UnknownFormat):
        list(read([tmp_path / "file"]))


def test_an_unreadable_file_does_not_stop_the_others(tmp_path, otlp):
    (tmp_path / "a").write_text('{"foo": 1}')
    (tmp_path / "b").write_text(json.dumps(otlp.export(*otlp.rag_run())))
    (tmp_path / "c").write_bytes(b"")
    (tmp_path / "d").write_bytes(gzip.compress(b"x" * 5000)[:-9])
    records = list(read_records([tmp_path]))
    assert [type(record) for record in records].count(Trace) == 1
    assert {(record.code, record.level) for record in records if isinstance(record, Diagnostic)} == {
        ("input.unknown", "error"),
        ("input.empty", "warn"),
        ("input.truncated", "error"),
    }
    accounts = [record for record in records if isinstance(record, LossReport)]
    assert len(accounts) == 4
    assert all(account.balanced for account in accounts)


def test_the_name_of_a_file_says_nothing(tmp_path, otlp):
    path = tmp_path / "run.csv"
    path.write_text(json.dumps(otlp.export(*otlp.rag_run())))
    assert len(list(read(path))) == 1


def test_a_tie_is_an_error_that_names_the_candidates(tmp_path, monkeypatch):
    from traceeval.registry import Adapter

    twins = [Adapter(name=name, call=print, sniff=lambda sample: (0.9, "mine")) for name in ("one", "two")]
    monkeypatch.setattr(type(ADAPTERS), "all", lambda self: iter(twins))
    (tmp_path / "x").write_text('{"foo": 1}')
    (note, _) = read_records([tmp_path / "x"])
    assert "one or two" in note.text


def test_a_format_can_be_forced_and_must_exist(tmp_path):
    path = tmp_path / "x"
    path.write_text('{"foo": 1}\n')
    (note, account) = read_records([path], format="native")
    assert (note.code, account.format) == ("record.skipped", "native")
    with pytest.raises(UnknownPlugin, match="native"):
        list(read_records([path], format="nativ"))


def test_globs_folders_and_files_are_read_once_in_order(tmp_path, otlp):
    (tmp_path / "sub").mkdir()
    (tmp_path / ".hidden").write_text("{}")
    for name in ("b.json", "a.json", "sub/c.json"):
        (tmp_path / name).write_text(json.dumps(otlp.export(otlp.span(name))))
    names = [trace.spans[0].name for trace in read([tmp_path / "b.json", tmp_path, f"{tmp_path}/*.json"])]
    assert names == ["b.json", "a.json", "sub/c.json"]


def test_a_path_that_leads_nowhere_raises(tmp_path):
    with pytest.raises(InputError, match="no such file"):
        list(read_records([tmp_path / "none"]))


def test_standard_input_is_read(monkeypatch, otlp):
    import io
    import types

    data = json.dumps(otlp.export(*otlp.rag_run())).encode()
    monkeypatch.setattr("sys.stdin", types.SimpleNamespace(buffer=io.BytesIO(data)))
    assert [trace.id for trace in read("-")] == [otlp.TRACE]


def test_a_gzip_bomb_is_refused(read_bytes):
    traces, notes, account = read_bytes(gzip.compress(b'{"resourceSpans": [' + b" " * 20_000_000 + b"]}"))
    assert traces == []
    assert [note.code for note in notes] == ["input.limit"]
    assert account.dropped == {"record.limit": 1}


def test_a_file_over_the_size_limit_is_refused(monkeypatch, tmp_path, otlp):
    monkeypatch.setattr("traceeval.adapters._bytes.MAX_BYTES", 1000)
    path = tmp_path / "large"
    path.write_text(json.dumps(otlp.export(*otlp.rag_run())))
    with pytest.raises(LimitExceeded):
        list(read(path))


@pytest.mark.parametrize("depth", [201, 20_000])
def test_json_nested_too_deep_is_refused(read_bytes, depth):
    text = '{"resourceSpans": ' + "[" * depth + "]" * depth + "}"
    for data in (text, json.dumps(json.loads('{"resourceSpans": []}')) + "\n" + text):
        _, notes, _ = read_bytes(data)
        assert "nested deeper" in " ".join(note.text for note in notes)


def test_nested_json_in_a_string_stays_a_string(otlp, read_bytes):
    deep = "[" * 5000 + "]" * 5000
    span = otlp.span("tool", **{"openinference.span.kind": "TOOL", "input.value": deep, "output.value": deep})
    (trace,), _, _ = read_bytes(json.dumps(otlp.export(span)))
    assert (trace.spans[0].body.arguments, trace.spans[0].body.raw) == (None, deep)


def test_nan_and_lone_surrogates_are_read(otlp, read_bytes):
    text = (
        json.dumps(otlp.export(otlp.span("a", x="?")))
        .replace('"?"', r'"\ud800"')
        .replace('"1790000001000000000"', "NaN")
    )
    (trace,), _, _ = read_bytes(text)
    assert trace.spans[0].attributes == {"x": "?"}
    assert trace.spans[0].end is None


def test_a_first_line_longer_than_the_look_ahead_is_still_a_line(otlp, read_bytes):
    lines = [
        json.dumps(otlp.export(otlp.span(name, id=f"{n:016x}", text="x" * 400_000))) for n, name in enumerate("ab", 1)
    ]
    traces, _, account = read_bytes("\n".join(lines))
    assert account.records == 2
    assert [span.name for span in traces[0].spans if span.name in "ab"] == ["a", "b"]


def test_interleaved_traces_over_the_bound_are_gathered_all_the_same(otlp, read_bytes, monkeypatch):
    ids = [f"{n:032x}" for n in range(1, 30)]
    lines = [json.dumps(otlp.export({**one, "traceId": id_})) for one in otlp.rag_run() for id_ in ids]
    (plain, _, _) = read_bytes("\n".join(lines))
    monkeypatch.setattr("traceeval.adapters._group.by_trace.__defaults__", (10,))
    (parted, _, account) = read_bytes("\n".join(lines))
    assert sorted(parted, key=lambda trace: trace.id) == plain
    assert {len(trace.spans) for trace in parted} == {6}
    assert account.spans == 6 * 29


def test_a_conversation_of_megabytes_in_one_document_is_recognised(read_bytes):
    said = [{"role": "user", "content": "go"}, *({"role": "assistant", "content": "x" * 1000} for _ in range(300))]
    for document in ({"id": "c", "messages": said}, said):
        traces, _, account = read_bytes(json.dumps(document))
        assert len(traces) == 1
        assert account.format == "openai"
