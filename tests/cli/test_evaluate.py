"""traceeval evaluate: files, exit codes, streams, signals."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import SimpleNamespace

import click
import pytest
from click.testing import CliRunner

from traceeval.cli import main
from traceeval.model import LossReport

ROOT = Path(__file__).resolve().parents[2]
TRACES, TOOLS = ROOT / "traces", ROOT / "examples" / "support_desk" / "tools.yaml"
SAMPLES = ROOT.parent / "shared" / "formats-samples"
FILES = {
    "summary.json",
    "scores.parquet",
    "traces.parquet",
    "findings.jsonl",
    "risk.jsonl",
    "claims.jsonl",
    "suspects.jsonl",
    "attribution.jsonl",
    "report.html",
    "review.db",
}
NO_NETWORK = """
import socket, sys
def refuse(*args, **kwargs): raise AssertionError("a socket was opened")
socket.socket.connect = socket.socket.connect_ex = socket.create_connection = socket.getaddrinfo = refuse
from traceeval.cli import main
main(sys.argv[1:])
"""


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def run(*args, **options):
    return CliRunner().invoke(
        main, ["evaluate", *map(str, args), "--engine", "serial"], catch_exceptions=False, **options
    )


def one_file(tmp_path):
    path = tmp_path / "one.jsonl"
    span = {
        "id": "s1",
        "kind": "retrieval",
        "name": "s",
        "body": {"type": "retrieval", "hits": [{"doc": "a", "rank": 1}]},
    }
    row = {"schema_version": "traceeval/1", "id": "t", "spans": [span], "reference": {"documents": {"a": 1, "b": 1}}}
    path.write_text(json.dumps(row) + "\n")
    return path


def test_the_demo_runs_with_sockets_refused(tmp_path):
    command = [
        sys.executable,
        "-c",
        NO_NETWORK,
        "evaluate",
        str(TRACES),
        "--tools",
        str(TOOLS),
        "--out",
        "out",
        "--engine",
        "serial",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=tmp_path)
    assert done.stdout.rstrip().endswith("report: out/report.html")
    assert {path.name for path in Path("out").iterdir()} == FILES


def test_json_is_the_summary_and_nothing_else(tmp_path):
    done = run(one_file(tmp_path), "--json", "--out", "out")
    assert json.loads(done.stdout) == json.loads(Path("out/summary.json").read_text())


def test_a_gate_that_holds_is_0_and_one_that_does_not_is_1(tmp_path):
    path = one_file(tmp_path)
    assert run(path, "--out", "a", "--fail-under", "retriever.recall=0.5").exit_code == 0
    done = run(path, "--out", "b", "--fail-under", "retriever.recall=0.6")
    assert done.exit_code == 1
    assert "retriever.recall" in done.stderr


def test_a_misspelt_option_scorer_or_gate_is_2(tmp_path):
    path = one_file(tmp_path)
    assert run(path, "--scorer", "retriever.recal").exit_code == 2
    assert run(path, "--fail-under", "retriever.recall").exit_code == 2
    assert run(path, "--nonsense").exit_code == 2


def test_a_broken_line_is_named_the_rest_is_scored_and_the_exit_code_is_3(tmp_path):
    path = one_file(tmp_path)
    path.write_text(path.read_text() + '{"schema_version": "traceeval/1", "id": \n')
    done = run(path, "--out", "out")
    summary = json.loads(Path("out/summary.json").read_text())
    assert done.exit_code == 3
    assert summary["traces"] == 1
    assert any("one.jsonl:2" in str(diagnostic) for diagnostic in summary["examples"])


def test_standard_input_is_read(tmp_path):
    done = run("-", "--json", "--out", "out", input=one_file(tmp_path).read_text())
    assert json.loads(done.stdout)["traces"] == 1


def test_the_environment_and_the_file_are_heard_and_flags_win(tmp_path, monkeypatch):
    path = one_file(tmp_path)
    Path("traceeval.toml").write_text('out = "from-file"\n')
    assert run(path).exit_code == 0
    assert Path("from-file/summary.json").exists()
    monkeypatch.setenv("TRACEEVAL_OUT", "from-environment")
    run(path)
    assert Path("from-environment/summary.json").exists()
    run(path, "--out", "from-flag")
    assert Path("from-flag/summary.json").exists()


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_an_interrupted_run_leaves_nothing_half_written_under_its_final_name(tmp_path, how):
    row = one_file(tmp_path).read_text()
    many = tmp_path / "many.jsonl"
    many.write_text("".join(row.replace('"id": "t"', f'"id": "t{number}"') for number in range(30_000)))
    command = [sys.executable, "-m", "traceeval", "evaluate", str(many), "--out", "out", "--engine", "serial"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, cwd=tmp_path)
    while not list(Path("out").glob(".staging-*/findings.jsonl")):
        assert process.poll() is None, "the run ended before it could be interrupted"
        time.sleep(0.01)
    process.send_signal(how)
    _, said = process.communicate()
    assert process.returncode != 0, said.decode()
    assert not [path.name for path in Path("out").glob("*") if path.name in FILES]


def test_a_run_after_a_killed_one_clears_its_leftovers(tmp_path):
    (tmp_path / "out" / ".staging-dead").mkdir(parents=True)
    assert run(one_file(tmp_path), "--out", "out").exit_code == 0
    assert not list(Path("out").glob(".staging-*"))


@pytest.mark.shared
@pytest.mark.skipif(not SAMPLES.exists(), reason="no samples beside the checkout")
def test_real_exports_are_scored_and_every_span_is_accounted_for():
    done = run(SAMPLES / "otlp", "--json", "--out", "out")
    summary = json.loads(done.stdout)
    assert done.exit_code == 0
    assert (summary["traces"], summary["folded"]) == (4, 9)
    assert summary["imported"]
    accounts = [LossReport(**{**row, "adapter": None}) for row in summary["inputs"]]
    assert all(account.balanced for account in accounts)
    assert sum(account.spans for account in accounts) > 50


@pytest.mark.shared
@pytest.mark.skipif(not SAMPLES.exists(), reason="no samples beside the checkout")
def test_traps_are_named_and_what_is_whole_is_scored():
    done = run(SAMPLES / "traps", "--json", "--out", "out")
    summary = json.loads(done.stdout)
    assert done.exit_code == 3
    assert summary["traces"] > 0
    named = " ".join(str(shown) for shown in summary["examples"])
    for path in (SAMPLES / "traps").iterdir():
        assert any(path.name in row["uri"] for row in summary["inputs"])
        assert path.name in named
    codes = "clock.skew content.cut id.normalised input.bom input.truncated keys.snake_case span.duplicate span.partial"
    codes += " span.shared_id span.unordered tree.cycle tree.missing_parent"
    assert set(codes.split()) <= set(summary["diagnostics"])


def test_help_says_what_it_does_and_what_it_writes():
    assert "report.html" in CliRunner().invoke(main, ["evaluate", "--help"]).output


def tenants(tmp_path, *, bad=15):
    """A file of 60 traces; those of the last ``bad`` missed the document, and are of one tenant."""
    path = tmp_path / "tenants.jsonl"
    rows = []
    for n in range(60):
        body = {"type": "retrieval", "hits": [{"doc": "a" if n < 60 - bad else "z", "rank": 1}]}
        span = {"id": "s1", "kind": "retrieval", "name": "s", "body": body}
        metadata = {"tenant": "globex" if n < 60 - bad else "acme"}
        row = {"schema_version": "traceeval/1", "id": f"t{n}", "spans": [span], "metadata": metadata}
        rows.append({**row, "reference": {"documents": {"a": 1, "z1": 1}, "rel_level": 1}})
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def test_by_names_the_worst_slice_in_the_terminal_and_in_the_summary(tmp_path):
    done = run(tenants(tmp_path), "--by", "tenant,origin.format", "--out", "out")
    assert done.exit_code == 0
    assert "Worst slice: tenant = acme (15 traces)" in done.stdout
    slices = json.loads(Path("out/summary.json").read_text())["slices"]
    assert [field["name"] for field in slices["fields"]] == ["tenant", "origin.format"]
    assert next(row for row in slices["rows"] if row.get("rank") == 1)["where"] == {"tenant": "acme"}


def test_by_may_stand_in_the_configuration_and_a_flag_goes_over_it(tmp_path):
    Path("traceeval.toml").write_text('by = ["tenant"]')
    run(tenants(tmp_path), "--out", "a", "--quiet")
    run(tenants(tmp_path), "--out", "b", "--quiet", "--by", "origin.format")
    names = [json.loads(Path(out, "summary.json").read_text())["slices"]["fields"][0]["name"] for out in ("a", "b")]
    assert names == ["tenant", "origin.format"]


def test_a_field_no_trace_has_is_a_usage_error_that_keeps_the_files(tmp_path):
    done = run(tenants(tmp_path), "--by", "tennant", "--out", "out", "--quiet")
    assert done.exit_code == 2
    assert "did you mean metadata.tenant?" in done.stderr
    assert {path.name for path in Path("out").iterdir()} == FILES


def test_a_field_that_cannot_be_is_refused_before_anything_is_read(tmp_path):
    done = run(tenants(tmp_path), "--by", "system.version", "--out", "out", "--quiet")
    assert done.exit_code == 2
    assert "system.release" in done.stderr
    assert not Path("out").exists()


@pytest.mark.parametrize(("gate", "code"), [("acme=0.4", 1), ("globex=0.4", 0), ("hooli=0.4", 2)])
def test_a_gate_may_stand_on_one_slice(tmp_path, gate, code):
    done = run(tenants(tmp_path), "--by", "tenant", "--fail-under", f"retriever.recall@tenant={gate}", "--out", "out")
    assert done.exit_code == code
    assert ("retriever.recall@tenant=" in done.stderr) == bool(code)


def test_a_list_of_the_corpus_says_what_is_in_no_index(tmp_path):
    corpus = tmp_path / "ids.txt"
    corpus.write_text("a\nc\n")
    done = run(one_file(tmp_path), "--corpus", corpus, "--out", tmp_path / "out", "--quiet")
    assert done.exit_code == 0
    rows = [json.loads(line) for line in (tmp_path / "out" / "findings.jsonl").read_text().splitlines()]
    assert [row["code"] for row in rows] == ["retriever.not_in_corpus"]
    refused = run(one_file(tmp_path), "--corpus", tmp_path / "nowhere", "--out", tmp_path / "again")
    assert refused.exit_code in (2, 3)
    assert "nowhere" in refused.output


@pytest.mark.parametrize("data", [b"", b"not a trace at all\n", b'{"some": "json"}\n'])
def test_where_there_is_no_trace_nothing_is_called_fine(tmp_path, data):
    path = tmp_path / "input"
    path.write_bytes(data)
    done = run(path)
    assert done.exit_code == 3
    assert done.stdout.startswith("Nothing was evaluated: the input holds no trace\n")
    assert "nothing was evaluated" in done.stderr


def test_what_could_not_be_read_is_told_where_the_user_looks(tmp_path):
    path = one_file(tmp_path)
    path.write_bytes(path.read_bytes() + b"broken\n" * 8)
    done = run(path)
    assert done.exit_code == 3
    assert f"error record.skipped {path}:2: no Trace" in done.stderr
    assert "and 3 more errors: traceeval validate PATH prints all" in done.stderr


def test_a_mistake_of_ours_is_no_failed_gate(tmp_path, monkeypatch):
    monkeypatch.setattr("traceeval.run._evaluate.summarise", lambda *args: 1 / 0)
    done = run(one_file(tmp_path))
    assert done.exit_code == 4
    assert "ZeroDivisionError" in done.stderr
    assert "please report it" in done.stderr


def test_a_trace_that_could_not_be_scored_ends_with_exit_code_4(tmp_path, monkeypatch):
    monkeypatch.setattr("traceeval.run._examine.mask", lambda dossier: 1 / 0)
    done = run(one_file(tmp_path))
    assert done.exit_code == 4
    assert "trace t could not be scored: ZeroDivisionError" in done.stderr


@pytest.mark.parametrize("command", ["evaluate", "validate"])
def test_a_pipe_is_read_like_the_file_behind_it(tmp_path, command):
    path, pipe = one_file(tmp_path), tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=lambda: pipe.write_bytes(path.read_bytes()))
    writer.start()
    out = ["--out", str(tmp_path / "out"), "--quiet"] if command == "evaluate" else []
    done = CliRunner().invoke(main, [command, str(pipe), *out])
    writer.join()
    assert done.exit_code == 0, done.output
    if command == "evaluate":
        assert json.loads((tmp_path / "out" / "summary.json").read_text())["traces"] == 1


def test_a_trace_given_in_place_of_its_file_is_no_crash(tmp_path):
    done = run("{" * 5000)
    assert done.exit_code == 3
    assert "no path" in done.stderr


def test_an_interruption_while_a_command_is_loaded_is_no_failed_gate(monkeypatch):
    def interrupted(name):
        raise KeyboardInterrupt

    monkeypatch.setattr("traceeval.cli.importlib.import_module", interrupted)
    done = CliRunner().invoke(main, ["evaluate", "x"])
    assert done.exit_code == 130
    assert "interrupted" in done.stderr


def test_an_interruption_that_python_can_only_ignore_is_none_the_less_one(monkeypatch):
    """One that comes within a callback of the garbage collector is printed and forgotten (Python's data model, __del__)."""

    class Unlucky:
        def __del__(self):
            raise KeyboardInterrupt

    @click.command()
    def command():
        held = Unlucky()
        del held
        for _ in range(1000):
            time.sleep(0.001)
        click.echo("went on")

    monkeypatch.setattr("traceeval.cli.importlib.import_module", lambda name: SimpleNamespace(command=command))
    hook = sys.unraisablehook
    done = CliRunner().invoke(main, ["evaluate"])
    assert (done.exit_code, "went on" in done.stdout, "interrupted" in done.stderr) == (130, False, True)
    assert sys.unraisablehook is hook
