import json

import pytest

from traceeval.adapters import read_gold, read_records
from traceeval.errors import InputError
from traceeval.model import Diagnostic, Gold, Trace


def test_gold_rows_say_answers_documents_and_calls(tmp_path):
    path = tmp_path / "gold"
    rows = [
        {"trace": "a", "documents": {"d": 1}, "answer": "yes"},
        {
            "question": "Q?",
            "answer": ["yes", "aye"],
            "answerable": False,
            "calls": [{"tool": "f", "args": {"x": {"$one_of": [1, 2]}}}],
        },
        {"answer": "whose?"},
        {"trace": "a", "documents": {"d": "high"}},
        {"trace": "a", "answers": ["typo"]},
    ]
    path.write_text("\n".join(map(json.dumps, rows)))
    first, second, *told = read_gold(path)
    assert (first.trace, first.reference.documents, first.reference.answer) == ("a", {"d": 1}, ("yes",))
    assert (second.question, second.reference.answer, second.reference.answerable) == ("Q?", ("yes", "aye"), False)
    assert second.reference.calls[0].args == {"x": {"$one_of": [1, 2]}}
    assert second.where == f"{path}:2"
    assert [(one.level, one.where) for one in told] == [("error", f"{path}:{line}") for line in (3, 4, 5)]


def test_an_empty_list_of_calls_is_declared_and_a_missing_one_unknown(tmp_path):
    path = tmp_path / "gold"
    path.write_text('{"trace": "a", "calls": []}\n{"trace": "b", "answer": "x"}\n')
    first, second = read_gold(path)
    assert (first.reference.calls, second.reference.calls) == ((), None)


def test_gold_and_labels_beside_traces_are_told_apart_and_gold_comes_first(tmp_path, otlp):
    (tmp_path / "z_gold.jsonl").write_text('{"trace": "a", "documents": {"d": 1}}\n')
    (tmp_path / "labels.jsonl").write_text(
        '{"trace": "a", "file": "a.json", "fault": null, "component": null, "finding": null}\n'
    )
    (tmp_path / "README.md").write_text("# Traces\n\nof a shop, with words.\n")
    (tmp_path / "a.json").write_text(json.dumps(otlp.export(*otlp.rag_run())))
    records = list(read_records([tmp_path]))
    order = [type(record) for record in records]
    assert order.index(Gold) < order.index(Trace)
    assert [type(record) for record in records].count(Trace) == 1
    assert [(r.code, r.level) for r in records if isinstance(r, Diagnostic)] == [("input.text", "warn")]


def test_references_within_native_traces_are_gold_too(tmp_path):
    path = tmp_path / "traces"
    row = {"schema_version": "traceeval/1", "id": "a", "spans": [], "reference": {"documents": {"d": 1}}}
    path.write_text(json.dumps(row))
    (gold,) = read_gold(path)
    assert (gold.trace, gold.reference.documents) == ("a", {"d": 1})


@pytest.mark.parametrize("text", ["", "some words\n", '{"foo": 1}\n'])
def test_what_is_no_gold_is_refused(tmp_path, text):
    path = tmp_path / "gold"
    path.write_text(text)
    with pytest.raises(InputError):
        list(read_gold(path))


def test_gold_rows_grade_parts_of_documents_and_name_what_is_in_no_index(tmp_path):
    path = tmp_path / "gold"
    part = {"document": "kb-9", "start": 120, "end": 260, "grade": 2}
    rows = [
        {"question": "Q?", "spanned": [part], "absent": ["kb-7"]},
        {"question": "Q?", "spanned": [{**part, "end": 120}]},
    ]
    path.write_text("\n".join(map(json.dumps, rows)))
    first, told = read_gold(path)
    assert first.reference.spanned[0].name == "kb-9[120:260]"
    assert (first.reference.documents, first.reference.absent) == (None, ("kb-7",))
    assert first.reference.judged == {"kb-9"}
    assert (told.level, told.where) == ("error", f"{path}:2")
    assert "kb-9[120:120]" in told.text


@pytest.mark.parametrize(
    ("calls", "told"),
    [
        ([{"tool": "f", "min": 3}], "0 <= min <= max"),
        ([{"tool": "f", "after": ["x"]}], "follows 'x', which names no call"),
        ([{"tool": "f", "args": {"x": {"$betwen": [1, 2]}}}], "calls: f: x: matcher '$betwen' is unknown"),
        ([{"tool": "f", "id": "a", "after": ["a"]}], "circle"),
    ],
)
def test_expected_calls_that_make_no_sense_are_told_with_their_line(tmp_path, calls, told):
    path = tmp_path / "gold"
    rows = [{"trace": "a", "calls": [{"tool": "f"}]}, {"trace": "b", "calls": calls}]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    good, bad = read_gold(path)
    assert good.trace == "a"
    assert (bad.level, bad.where) == ("error", f"{path}:2")
    assert told in bad.text


def test_gold_rows_say_what_is_forbidden_and_what_should_be_left_behind(tmp_path):
    path = tmp_path / "gold"
    row = {
        "trace": "a",
        "forbidden": [{"tool": "drop", "args": {"table": "users"}, "why": "never"}],
        "state": {"orders": {}},
        "reached": [{"path": "orders.A1.status", "value": {"$one_of": ["paid", "sent"]}}],
    }
    path.write_text(json.dumps(row))
    (gold,) = read_gold(path)
    assert gold.reference.forbidden[0].spec.tools == ("drop",)
    assert gold.reference.state == {"orders": {}}
    assert gold.reference.reached[0].path == "orders.A1.status"
