"""``traceeval calibrate``: from a run to labels, from labels to a file, from the file to the next run."""

import csv
import io
import json

import msgspec
import pytest
from click.testing import CliRunner

from traceeval.cli.calibrate import command
from traceeval.cli.evaluate import command as evaluate_command
from traceeval.model import PeopleRow
from traceeval.testing import model, retrieval, trace

SCORERS = ("--scorer", "generator.grounded")


@pytest.fixture
def source(tmp_path):
    """80 answers of one claim: half of them say what their passage says, half of them something else."""
    path = tmp_path / "traces.jsonl"
    with path.open("wb") as lines:
        for n in range(80):
            text = f"Parcel {n} left the Oslo warehouse on a Tuesday morning with the blue customs form."
            said = text if n % 2 else f"Customer {n} asked for a refund because the kettle arrived broken."
            one = trace(
                retrieval(("d", text)), model(said, prompt=[("system", f"[d] {text}")]), id=f"t{n}", answer=said
            )
            lines.write(msgspec.json.encode(one) + b"\n")
    return path


def run(command, *words):
    return CliRunner().invoke(command, [str(word) for word in words])


@pytest.fixture
def labelled(source, tmp_path):
    """A run, and 40 labels of a person who reads."""
    out = tmp_path / "out"
    assert run(evaluate_command, source, "--out", out, "--quiet", *SCORERS).exit_code == 0
    drawn = run(command, "draw", "--run", out, "-n", "40")
    assert drawn.exit_code == 0, drawn.output
    rows = list(csv.DictReader(io.StringIO(drawn.stdout)))
    assert len(rows) == 40
    for row in rows:
        row["label"] = "supported" if row["text"].startswith("Parcel") else "unsupported"
    labels = tmp_path / "labels.csv"
    with labels.open("w", newline="") as lines:
        writer = csv.DictWriter(lines, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
    return out, labels


def test_from_a_run_to_labels_to_a_calibrated_run(source, labelled, tmp_path):
    out, labels = labelled
    file, plot = tmp_path / "calibration.json", tmp_path / "calibration.svg"
    fitted = run(command, "fit", "--run", out, "--labels", labels, "--out", file, "--plot", plot)
    assert fitted.exit_code == 0, fitted.output
    assert fitted.stdout.startswith("calibrated: lexical@2, language en, 40 labels")
    assert "deferred  accuracy" in fitted.stdout
    assert plot.read_text().startswith("<svg")
    again = tmp_path / "again"
    told = run(evaluate_command, source, "--out", again, "--calibration", file, *SCORERS)
    assert told.exit_code == 0, told.output
    assert "Calibrated on 40 labels" in " ".join(told.stdout.split())
    summary = json.loads((again / "summary.json").read_text())
    assert summary["checker"]["calibration"]["claims"] == 80
    assert summary["checker"]["calibration"]["stale"] == 0
    assert summary["checker"]["calibration"]["id"] == json.loads(file.read_text())["labels_sha256"][:12]
    first = json.loads((again / "claims.jsonl").read_text().splitlines()[0])
    assert first["calibration"] == summary["checker"]["calibration"]["id"]


def test_labels_nobody_can_learn_from_say_so(labelled, tmp_path):
    out, labels = labelled
    text = labels.read_text()
    swapped = text.replace(",unsupported", ",X").replace(",supported", ",unsupported").replace(",X", ",supported")
    labels.write_text(swapped)
    fitted = run(command, "fit", "--run", out, "--labels", labels, "--out", tmp_path / "c.json")
    assert fitted.exit_code == 0
    assert fitted.stdout.startswith("cannot_tell")
    assert "every claim goes to people or a judge" in fitted.stderr


def test_a_calibration_of_another_checker_is_stale(labelled, source, tmp_path):
    out, labels = labelled
    file = tmp_path / "calibration.json"
    run(command, "fit", "--run", out, "--labels", labels, "--out", file)
    told = run(
        evaluate_command, source, "--out", tmp_path / "x", "--calibration", file, "--checker", "lexical:version=1"
    )
    assert told.exit_code == 2
    assert "stale" in told.stderr


def test_a_missing_run_says_what_to_do(tmp_path):
    told = run(command, "draw", "--run", tmp_path / "nowhere")
    assert told.exit_code == 2
    assert "run `traceeval evaluate` first" in told.stderr


def test_decisions_of_people_are_labels_of_answers_of_one_claim(labelled, tmp_path, monkeypatch):
    out, _ = labelled
    rows = [json.loads(line) for line in (out / "risk.jsonl").read_text().splitlines()]
    people = [
        PeopleRow(
            subject=row["sha256"],
            cluster=row["trace"],
            criterion="groundedness",
            mark=5 if int(row["trace"][1:]) % 2 else 1,
            split="calibration" if int(row["trace"][1:]) < 60 else "test",
        )
        for row in rows
    ]
    monkeypatch.setattr("traceeval.cli._people.people_rows", lambda url, name, file: people)
    file = tmp_path / "calibration.json"
    fitted = run(command, "fit", "--run", out, "--from-decisions", "--out", file)
    assert fitted.exit_code == 0, fitted.output
    assert "60 labels from decisions on answers of one claim" in fitted.output
    assert "20 decisions outside the calibration split" in fitted.output
    assert json.loads(file.read_text())["supported"] == 30


def test_labels_come_from_one_place(labelled, tmp_path):
    out, labels = labelled
    both = run(command, "fit", "--run", out, "--labels", labels, "--from-decisions", "--out", tmp_path / "c.json")
    neither = run(command, "fit", "--run", out, "--out", tmp_path / "c.json")
    assert (both.exit_code, neither.exit_code) == (2, 2)
    assert "one of the two" in neither.output
