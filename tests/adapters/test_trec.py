import pytest

from traceeval.adapters import read_gold, read_records
from traceeval.errors import InputError
from traceeval.model import Diagnostic, Gold, Kind, LossReport, Trace

RUN = "q1 Q0 a 9 0.5 bm25\nq1 Q0 b 1 0.5 bm25\nq1 Q0 c 2 0.9 bm25\nq2 Q0 a 1 1e-3 bm25\n"
AGAIN = "q1\tQ0\tb\t1\t2\tbert\nq1\tQ0\tz\t2\t1\tbert\n"


def written(tmp_path, **files):
    paths = []
    for name, text in files.items():
        paths.append(tmp_path / name)
        paths[-1].write_bytes(text if isinstance(text, bytes) else text.encode())
    return paths


def test_a_run_is_ranked_by_score_then_document_descending_and_not_by_its_rank_column(tmp_path):
    first, second, account = read_records(written(tmp_path, run=RUN))
    assert [(hit.doc, hit.rank, hit.score) for hit in first.spans[0].body.hits] == [
        ("c", 1, 0.9),
        ("b", 2, 0.5),
        ("a", 3, 0.5),
    ]
    assert (second.id, first.spans[0].kind, first.spans[0].body.source) == ("q2", Kind.RETRIEVAL, "bm25")
    assert (account.records, account.spans, account.kept) == (4, 2, {"record": 4, "span": 2})


def test_scores_equal_as_float32_are_a_tie(tmp_path):
    text = "q Q0 a 1 0.30000000001 t\nq Q0 b 2 0.3 t\n"
    trace, _ = read_records(written(tmp_path, run=text))
    assert [hit.doc for hit in trace.spans[0].body.hits] == ["b", "a"]


def test_two_runs_are_before_and_after_reranking_in_the_order_given(tmp_path):
    before, after = written(tmp_path, zz=RUN, aa=AGAIN)
    records = list(read_records([before, after]))
    traces = {record.id: record for record in records if isinstance(record, Trace)}
    search, rank = traces["q1"].spans
    assert [hit.doc for hit in rank.body.before] == [hit.doc for hit in search.body.hits] == ["c", "b", "a"]
    assert ([hit.doc for hit in rank.body.after], rank.body.model, rank.kind) == (["b", "z"], "bert", Kind.RERANK)
    assert [span.kind for span in traces["q2"].spans] == [Kind.RETRIEVAL]
    assert [note.code for note in traces["q1"].diagnostics] == ["kind.inferred"]
    accounts = [record for record in records if isinstance(record, LossReport)]
    assert [account.spans for account in accounts] == [2, 1]
    assert all(account.balanced for account in accounts)


def test_qrels_become_gold_before_any_trace(tmp_path):
    run, qrels = written(tmp_path, run=RUN, qrels="q1 0 a 2\nq1 0 b 0\n")
    records = list(read_records([run, qrels]))
    assert isinstance(records[0], Gold)
    assert (records[0].trace, records[0].reference.documents) == ("q1", {"a": 2, "b": 0})


@pytest.mark.parametrize("header", ["query-id\tcorpus-id\tscore\n", ""])
def test_beir_qrels_with_and_without_their_header(tmp_path, header):
    (gold,) = read_gold(written(tmp_path, tsv=f"{header}q<::>1\td 1\t1\nq<::>1\td2\t0\n")[0])
    assert (gold.trace, gold.reference.documents) == ("q<::>1", {"d 1": 1, "d2": 0})


def test_bad_rows_are_told_by_line_and_doubled_ones_folded(tmp_path):
    text = RUN + "q1 Q0 a 4 0.1 bm25\nq1 Q0 x 1 nan bm25\nq1 Q0 x 1 1e300 bm25\nonly three columns\n"
    records = list(
        read_records(written(tmp_path, run=b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode()), format="trec")
    )
    told = [record.where.rpartition(":")[2] for record in records if isinstance(record, Diagnostic)]
    assert told[-3:] == ["6", "7", "8"]
    assert [record.code for record in records if isinstance(record, Diagnostic)][:-3] == ["input.bom"]
    account = records[-1]
    assert (account.kept["record"], account.folded, account.dropped) == (
        4,
        {"record.duplicate": 1},
        {"record.skipped": 3},
    )
    (first, *_) = [record for record in records if isinstance(record, Trace)]
    assert first.id == "q1"
    assert {hit.doc: hit.score for hit in first.spans[0].body.hits}["a"] == 0.5


def test_a_trace_file_is_no_gold(tmp_path):
    (path,) = written(tmp_path, run=RUN)
    with pytest.raises(InputError, match="not gold"):
        list(read_gold(path))


def test_comment_lines_are_skipped_and_accounted_for(tmp_path):
    run, qrels = written(tmp_path, run=f"# a run of ours\n{RUN}", qrels="# judged by hand\nq1 0 a 2\n# q1 0 b 1\n")
    records = list(read_records([run, qrels]))
    assert records[0].reference.documents == {"a": 2}
    assert {record.id for record in records if isinstance(record, Trace)} == {"q1", "q2"}
    assert not [record for record in records if isinstance(record, Diagnostic)]
    accounts = [record for record in records if isinstance(record, LossReport)]
    assert sorted(account.dropped["record.comment"] for account in accounts) == [1, 2]
    assert all(account.balanced for account in accounts)


def test_a_damaged_line_among_the_first_costs_itself_only_in_a_folder_too(tmp_path):
    (tmp_path / "prose").write_text("six words that are no run\nand then some more of it\nhere\n")
    (tmp_path / "run").write_text("q Q0 d1 1 3.0 r\nq Q0 d2 2 2.0\nq Q0 d3 3 1.0 r\nq Q0 d4 4 0.5 r\n")
    records = list(read_records([tmp_path]))
    (found,) = [one for one in records if isinstance(one, Trace)]
    assert [hit.doc for hit in found.spans[0].body.hits] == ["d1", "d3", "d4"]
    said = {(one.code, one.where) for one in records if isinstance(one, Diagnostic)}
    assert said == {("input.text", f"{tmp_path / 'prose'}"), ("record.skipped", f"{tmp_path / 'run'}:2")}
