"""``traceeval judge``: from files of rows to a report, an admission and examples."""

import json
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner

from traceeval.cli import main
from traceeval.model import Admission, JudgeReport, JudgeRow, PeopleRow


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """(verdicts, people): 45 failures and 80 passes to test on, 60 to learn from; the judge agrees throughout."""
    folder = tmp_path_factory.mktemp("rows")
    people = [_label(at, 1 if at < 45 else 5, "test") for at in range(125)]
    people += [_label(at, 1 if at < 20 else 5, "calibration") for at in range(60)]
    judged = [
        JudgeRow(
            judge="j", prompt="p1", rubric="r1", subject=row.subject, criterion="safety", mark=row.mark, probe=probe
        )
        for row in people
        for probe in ("", "padded")
    ]
    _write(folder / "judged.jsonl", judged)
    _write(folder / "people.jsonl", people)
    return str(folder / "judged.jsonl"), str(folder / "people.jsonl")


def _label(at, mark, split):
    names = {"subject": f"{split}{at}", "cluster": f"{split}-f{at}", "criterion": "safety", "split": split}
    return PeopleRow(**names, mark=mark, safety=True, rubric="r1")


def _write(path, rows):
    path.write_bytes(b"".join(msgspec.json.encode(row) + b"\n" for row in rows))


def judge(*arguments, code=0):
    done = CliRunner().invoke(main, ["judge", *arguments])
    assert done.exit_code == code, done.output
    return done.output


def test_a_report_is_printed_as_text_and_as_json(files):
    verdicts, people = files
    text = judge("measure", verdicts, "--people", people)
    assert "safety: kappa 1.00" in text
    assert "length (neutral padding): 0.00" in text
    assert "position (both orders): not applicable: no pair was judged in both orders" in text
    assert "flagged: nothing" in text
    report = msgspec.json.decode(judge("measure", verdicts, "--people", people, "--json").encode(), type=JudgeReport)
    assert report.agreement[0].counts == {"1": {"1": 65}, "5": {"5": 120}}


def test_plots_are_drawn_and_hold_no_name_as_markup(files, tmp_path):
    verdicts, people = files
    rows = [msgspec.json.decode(line, type=JudgeRow) for line in Path(verdicts).read_bytes().splitlines()]
    evil = tmp_path / "evil.jsonl"
    _write(evil, [msgspec.structs.replace(row, judge="<script>alert(1)</script>") for row in rows])
    judge("measure", str(evil), "--people", people, "--plot", str(tmp_path / "plots"))
    drawn = {path.name: path.read_text() for path in (tmp_path / "plots").iterdir()}
    assert sorted(drawn) == ["agreement-1.svg", "probes.svg"]
    assert all("<script" not in text for text in drawn.values())


def test_an_admitted_judge_is_written_and_checked(files, tmp_path):
    verdicts, people = files
    out = str(tmp_path / "a.json")
    said = judge("admit", verdicts, "--people", people, "--reliability", "reliable", "--unanswered", "0", "--out", out)
    assert "j on safety: admitted" in said
    use = ("--judge", "j", "--rubric", "r1")
    assert "it holds" in judge("check", out, *use, "--prompt", "p1")
    assert "it may triage only" in judge("check", out, *use, "--prompt", "p2", code=1)


def test_a_refused_judge_is_written_too_with_what_it_misses(files, tmp_path):
    verdicts, people = files
    out = tmp_path / "a.json"
    said = judge("admit", verdicts, "--people", people, "--out", str(out), code=1)
    assert "- people among themselves: agreement is not known" in said
    assert "- without a label: how many traces were closed without one is not known" in said
    assert not msgspec.json.decode(out.read_bytes(), type=Admission).admitted


def test_examples_come_from_the_calibration_split_and_may_not_come_from_another(files, tmp_path):
    verdicts, people = files
    lines = [json.loads(line) for line in judge("examples", "--people", people, "-n", "4").splitlines()]
    assert [line["mark"] for line in lines] == [1.0, 5.0, 1.0, 5.0]
    assert all(line["split"] == "calibration" for line in lines)
    shown = tmp_path / "shown.jsonl"
    _write(shown, [_label(3, 1, "test")])
    how = ("--people", people, "--reliability", "reliable", "--examples", str(shown), "--out", str(tmp_path / "a.json"))
    assert "examples outside the calibration split" in judge("admit", verdicts, *how, code=1)


def test_a_line_that_is_no_verdict_is_said_with_its_place(tmp_path, files):
    path = tmp_path / "judged.jsonl"
    path.write_text('{"judge": "j", "subject": "s"}\n{"judge": "j"}\n')
    assert f"{path}:2:" in judge("measure", str(path), "--people", files[1], code=2)


def test_nothing_to_read_is_said(tmp_path, files):
    (tmp_path / "empty.jsonl").write_text("")
    assert "no verdicts" in judge("measure", str(tmp_path / "empty.jsonl"), "--people", files[1], code=2)
    assert "No such file" in judge("measure", str(tmp_path / "none.jsonl"), "--people", files[1], code=2)
