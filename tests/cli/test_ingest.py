import json

import msgspec
import pytest
from click.testing import CliRunner

from traceeval.adapters import read, read_gold
from traceeval.cli.ingest import command
from traceeval.model import trace_hash
from traceeval.testing import model, retrieval, trace


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "in.jsonl"
    rows = [msgspec.json.encode(trace(retrieval(("d", "text")), model("yes"), id=id_)) for id_ in "ab"]
    path.write_bytes(b"\n".join(rows) + b"\n")
    return path


def test_traces_and_gold_are_written_under_their_names_and_read_back(source, tmp_path):
    gold, out = tmp_path / "gold", tmp_path / "out"
    gold.write_text('{"trace": "a", "documents": {"d": 1}, "answer": ["yes"]}\n')
    result = CliRunner().invoke(command, [str(source), str(gold), "--to", str(out)])
    assert (result.exit_code, result.stdout) == (0, "")
    assert sorted(path.name for path in out.iterdir()) == ["gold.jsonl", "traces.jsonl"]
    assert [trace_hash(one) for one in read(out / "traces.jsonl")] == [trace_hash(one) for one in read(source)]
    (row,) = read_gold(out / "gold.jsonl")
    assert (row.trace, row.reference.documents, row.reference.answer) == ("a", {"d": 1}, ("yes",))
    assert "2 records" in result.stderr
    assert "traces.jsonl: 2 rows" in result.stderr


def test_standard_output_holds_traces_and_nothing_else(source):
    result = CliRunner().invoke(command, [str(source), "--to", "-"])
    assert result.exit_code == 0
    assert [json.loads(line)["id"] for line in result.stdout.splitlines()] == ["a", "b"]


def test_what_cannot_be_read_is_told_with_its_line_and_exit_code_3(source, tmp_path):
    source.write_bytes(source.read_bytes() + b"{broken\n")
    result = CliRunner().invoke(command, [str(source), "--to", str(tmp_path / "out")])
    assert result.exit_code == 3
    assert f"error record.skipped {source}:3" in result.stderr
    assert len(list(read(tmp_path / "out" / "traces.jsonl"))) == 2


def test_nothing_half_written_is_left_behind(source, tmp_path, monkeypatch):
    out = tmp_path / "out"
    before = CliRunner().invoke(command, [str(source), "--to", str(out)])
    whole = (out / "traces.jsonl").read_bytes()

    def interrupted(paths, format):
        yield from read(source)
        raise KeyboardInterrupt

    monkeypatch.setattr("traceeval.adapters.read_records", interrupted)
    result = CliRunner().invoke(command, [str(source), "--to", str(out)])
    assert (before.exit_code, result.exit_code) == (0, 130)
    assert (out / "traces.jsonl").read_bytes() == whole
    assert [path.name for path in out.iterdir()] == ["traces.jsonl"]


def test_a_missing_path_is_exit_code_3_and_a_missing_option_2(tmp_path):
    assert CliRunner().invoke(command, [str(tmp_path / "none"), "--to", "-"]).exit_code == 3
    assert CliRunner().invoke(command, [str(tmp_path)]).exit_code == 2
    assert CliRunner().invoke(command, [str(tmp_path), "--from", "nothing", "--to", "-"]).exit_code == 2


@pytest.mark.shared
def test_the_folder_of_real_exports_is_ingested(tmp_path):
    from pathlib import Path

    samples = Path(__file__).parents[3] / "shared" / "formats-samples"
    if not samples.is_dir():
        pytest.skip(f"real exports not found in {samples}: nothing was checked")
    result = CliRunner().invoke(command, [str(samples / "otlp"), "--to", str(tmp_path)])
    assert result.exit_code == 0
    assert len(list(read(tmp_path / "traces.jsonl"))) == 4 + 3 * 3
    assert CliRunner().invoke(command, [str(samples / "traps"), "--to", "-"]).exit_code == 3
