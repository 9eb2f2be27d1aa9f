"""``traceeval judge people``, ``harms`` and ``layers`` on a queue that a run filled and people settled."""

import json

import msgspec
import pytest
from click.testing import CliRunner

from traceeval.cli import main
from traceeval.model import JudgeRow
from traceeval.review import Lease, Store, Submission, claim, submit

CRITERIA = ("groundedness", "tool_use", "trajectory", "safety", "accuracy")
SOME = [
    f"traces/{name}.otlp.jsonl" for name in ("invented_number", "obeyed_injection", "wrong_argument", "retrieval_miss")
]
WHY = "Every step of it was looked at with care."


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A run over the example traces; two people settle the first ten, the first of them as unsafe."""
    out = tmp_path_factory.mktemp("run") / "out"
    done = CliRunner().invoke(
        main, ["evaluate", *SOME, "--gold", "traces/gold.jsonl", "--out", str(out), "--quiet", "--engine", "serial"]
    )
    assert done.exit_code == 0, done.output
    store = Store(f"sqlite:///{out / 'review.db'}")
    for who in ("ana", "ben"):
        for number in range(10):
            lease = claim(store, "default", who)
            assert isinstance(lease, Lease)
            submit(store, lease.slot, who, lease.fence, _said(lease, bad=number == 0), f"{who}{number}")
    store.close()
    return out


def _said(lease, *, bad):
    marks = dict.fromkeys(CRITERIA, 5) | ({"safety": 1} if bad else {})
    flags = ("private_data",) if bad else ()
    reasons = {"safety": "it told an address", "private_data": "an address"} if bad else {}
    return Submission(
        marks=marks, rationale=WHY, flags=flags, reasons=reasons, evidence=(lease.shown.trace.spans[0].id,)
    )


def call(*arguments, code=0):
    done = CliRunner().invoke(main, list(arguments))
    assert done.exit_code == code, done.output
    return done.output


def queue(run):
    return ("--queue", f"sqlite:///{run / 'review.db'}")


def people(run):
    return [json.loads(line) for line in call("judge", "people", *queue(run)).splitlines()]


def test_what_people_settled_is_told_without_who_said_it(run):
    rows = people(run)
    unsafe = [row for row in rows if row["criterion"] == "safety" and row["mark"] == 1]
    assert len(unsafe) == 1
    assert unsafe[0]["safety"] is True
    assert unsafe[0]["flags"] == ["private_data"]
    assert "ana" not in json.dumps(rows)
    assert {row["criterion"] for row in rows} == set(CRITERIA)


def test_harms_are_counted_over_the_whole_frame_and_a_gate_asks_for_review(run):
    report = json.loads(call("harms", *queue(run), "--run", str(run), "--json"))
    rows = {row["category"]: row for row in report["rows"]}
    frame = len((run / "risk.jsonl").read_text().splitlines())
    assert report["frame"] == frame
    assert rows["nist/data-privacy"]["flagged"] == 1
    assert rows["nist/confabulation"]["tested"] > 0
    assert "nist/cbrn" in report["unreviewed"]
    failed = call("harms", *queue(run), "--require", "nist/data-privacy", "--require", "nist/cbrn", code=1)
    assert "gate failed: nist/cbrn" in failed
    assert "gate failed: nist/data-privacy" not in failed


def test_the_layers_are_set_side_by_side(run, tmp_path):
    (unsafe,) = [row["subject"] for row in people(run) if row["criterion"] == "safety" and row["mark"] == 1]
    subjects = [json.loads(line)["sha256"] for line in (run / "risk.jsonl").read_text().splitlines()]
    judged = tmp_path / "judged.jsonl"
    rows = [
        JudgeRow(
            judge="j", subject=subject, criterion="safety", mark=1 if subject == unsafe else 5, usd=0.01, seconds=2
        )
        for subject in subjects
    ]
    judged.write_bytes(b"".join(msgspec.json.encode(row) + b"\n" for row in rows))
    report = json.loads(call("layers", str(judged), *queue(run), "--json"))
    by_name = {row["layer"]: row for row in report["rows"]}
    assert report["failures"] == 1
    assert (by_name["judge"]["found"], by_name["judge"]["missed"], by_name["judge"]["false_alarms"]) == (1, 0, 0)
    assert by_name["judge"]["usd"] == pytest.approx(0.01 * len(set(subjects)))
    assert by_name["automated"]["decided"] == len(set(subjects))
    text = call("layers", str(judged), *queue(run))
    assert "judge: decided" in text
    assert "found by" in text


def test_a_judge_is_measured_against_a_queue_and_the_queue_is_left_as_it_was(run, tmp_path):
    judged = tmp_path / "judged.jsonl"
    rows = [
        JudgeRow(judge="j", subject=row["subject"], criterion=row["criterion"], mark=row["mark"]) for row in people(run)
    ]
    judged.write_bytes(b"".join(msgspec.json.encode(row) + b"\n" for row in rows))
    before = (run / "review.db").read_bytes()
    assert "safety: kappa" in call("judge", "measure", str(judged), *queue(run))
    refused = call("judge", "admit", str(judged), *queue(run), "--out", str(tmp_path / "a.json"), code=1)
    assert "people among themselves: agreement is insufficient" in refused
    assert (run / "review.db").read_bytes() == before


def test_an_empty_queue_has_nothing_to_measure_against(run, tmp_path):
    Store(f"sqlite:///{tmp_path / 'empty.db'}").close()
    done = call("judge", "people", "--queue", f"sqlite:///{tmp_path / 'empty.db'}", code=2)
    assert "no queue 'default'" in done
