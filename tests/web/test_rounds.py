"""A lead opens a calibration round on a page, sees how far people are, and reveals it; reviewers then read it."""

import re

import msgspec
import pytest


@pytest.fixture
def lea(visit, filled):
    return visit("lea", "lead")


def file_of(kit, count=10, first=500):
    return b"\n".join(msgspec.json.encode(kit.sample(number)) for number in range(first, first + count))


def begin(visitor, content, kit, **fields):
    data = {"csrf": visitor.csrf, "target": "0.667", "rubric": "", **fields}
    return visitor.http.post(
        "/queue/default/rounds", data=data, files={"traces": ("t.jsonl", content)}, headers=kit.SAME
    )


def judge_all(visitor, kit, count=10, **more):
    for _ in range(count):
        where = visitor.post("/review/default/claim").headers["location"]
        done = visitor.post(f"{where}/submit", {**visitor.hidden(where), **kit.verdict(**more)})
        assert done.status_code == 303, done.text


def row(visitor):
    table = visitor.get("/queue/default/rounds").text.partition("<tbody>")[2].partition("</tbody>")[0]
    return re.sub(r"<[^>]*>|\s+", " ", table).split()


def test_a_round_from_its_file_to_what_everybody_said(lea, visit, kit):
    assert row(lea)[:3] == ["No", "round", "yet."]
    opened = begin(lea, file_of(kit), kit)
    assert opened.headers["location"] == "/queue/default/rounds?said=round_open"
    ana, ben = visit("ana", "reviewer"), visit("ben", "reviewer")
    judge_all(ana, kit, rationale="ANA-SAID that it stands in the trace")
    assert ana.get("/calibration/1").status_code == 422
    text = lea.get("/queue/default/rounds").text
    assert ("ANA-SAID" in text, row(lea)[-1]) == (False, "1")
    early = lea.post("/queue/default/round/1/reveal")
    assert (early.status_code, "two at least" in early.text) == (422, True)
    judge_all(ben, kit)
    assert lea.post("/queue/default/round/1/reveal").headers["location"] == "/calibration/1?said=round_revealed"
    read = ben.get("/calibration/1").text
    assert ("ANA-SAID" in read, "ana" in read.replace("ANA-SAID", "")) == (True, False)
    assert lea.post("/queue/default/round/1/note", {"text": "LEA-NOTES a wording"}).status_code == 303
    assert ben.post("/calibration/1/note", {"text": "BEN-NOTES another"}).status_code == 303
    assert {"LEA-NOTES", "BEN-NOTES"} <= set(re.findall(r"[A-Z]{3}-NOTES", lea.get("/calibration/1").text))


def test_a_note_goes_where_the_reader_may_write_it(lea, visit, kit):
    begin(lea, file_of(kit), kit)
    for who in ("ana", "ben"):
        judge_all(visit(who, "reviewer"), kit)
    lea.post("/queue/default/round/1/reveal")
    assert 'action="/queue/default/round/1/note"' in lea.get("/calibration/1").text
    assert 'action="/calibration/1/note"' in visit("cy", "reviewer").get("/calibration/1").text
    assert "/note" not in visit("aud", "auditor").get("/calibration/1").text


@pytest.mark.parametrize(
    ("content", "fields", "said"),
    [
        (lambda kit: b"", {}, "name a file of 10 to 20 traces"),
        (lambda kit: b"no trace at all", {}, "t.jsonl holds no trace: choose a file that `traceeval evaluate` reads"),
        (lambda kit: file_of(kit, 9), {}, "10 to 20 different items, not 9"),
        (lambda kit: file_of(kit, 10, first=1), {}, "is an item of this queue already"),
        (lambda kit: file_of(kit), {"target": "high"}, "a number from 0 to 1, not &#39;high&#39;"),
        (lambda kit: file_of(kit), {"target": "nan"}, "a number from 0 to 1"),
        (lambda kit: file_of(kit), {"rubric": "99"}, "no rubric 99"),
        (lambda kit: file_of(kit), {"csrf": "of another session"}, "reload the page"),
    ],
    ids=["empty", "no trace", "too few", "known", "target", "nan", "rubric", "csrf"],
)
def test_what_makes_no_round_is_said_and_none_is_opened(lea, kit, content, fields, said):
    answer = begin(lea, content(kit), kit, **fields)
    assert (answer.status_code in (403, 404, 422), said in answer.text) == (True, True), answer.text
    assert row(lea)[:3] == ["No", "round", "yet."]


def test_a_wrong_file_is_named_in_the_readers_language(lea, kit):
    lea.http.headers["accept-language"] = "de"
    text = begin(lea, b"no trace at all", kit, target="0,7").text
    assert "In t.jsonl ist keine Aufzeichnung: Wählen Sie eine Datei" in text
    assert ("--from" in text, "no known format" in text) == (False, False)


def test_a_file_over_its_limit_is_refused(lea, kit):
    assert begin(lea, b"x" * (9 << 20), kit).status_code == 413
    assert begin(lea, file_of(kit) + b"\n" * (2 << 20), kit).status_code == 303


def test_another_form_takes_no_file_and_this_one_takes_one(lea, visit, kit):
    ana, one = visit("ana", "reviewer"), ("traces", ("t.jsonl", b"x"))
    claim = ana.http.post("/review/default/claim", data={"csrf": ana.csrf}, files=[one], headers=kit.SAME)
    two = lea.http.post("/queue/default/rounds", data={"csrf": lea.csrf}, files=[one, one], headers=kit.SAME)
    assert (claim.status_code, two.status_code) == (400, 400)


def test_a_round_of_another_project_is_not_revealed(lea, visit, kit):
    begin(lea, file_of(kit), kit)
    stranger = visit("max", "lead", project="elsewhere")
    assert stranger.post("/queue/default/round/1/reveal").status_code == 404
