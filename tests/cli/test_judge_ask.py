"""``traceeval judge ask`` against a local endpoint: from people's rows to verdicts, and from these to a report."""

import io
import json
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner
from tests.judge import _judged_by as by
from tests.judge._stub import Stub

from traceeval.cli import main
from traceeval.cli._asking import ask_all, read_shown
from traceeval.judge import Judges
from traceeval.judge._shown import ORDERS, REFUSAL
from traceeval.judge.probing import ASKED, Judge, own_wordings, questions
from traceeval.model import JudgeReport, JudgeRow

PAIRS = 20
KEY = "sk-very-secret-4711"
PROBES = ("", "swapped", "padded", "refused", "injected", "framed:with an opinion", "framed:reworded")


@pytest.fixture
def rows(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    (tmp_path / "rows.jsonl").write_bytes(by.as_lines(by.pairs(PAIRS)))
    return tmp_path / "rows.jsonl"


def run(*arguments, code=0):
    done = CliRunner().invoke(main, ["judge", *map(str, arguments)])
    assert done.exit_code == code, done.output
    return done.output


def ask(stub, rows, *more, code=0, out="judged.jsonl"):
    return run("ask", rows, "--model", "stub", "--base-url", stub.url, "--out", out, *more, code=code)


def verdicts(path="judged.jsonl"):
    with open(path, "rb") as file:
        return [msgspec.json.decode(line, type=JudgeRow) for line in file]


def flagged(rows):
    report = msgspec.json.decode(run("measure", "judged.jsonl", "--people", rows, "--json").encode(), type=JudgeReport)
    measured = {probe.name for probe in report.probes if probe.status == "measured"}
    assert measured == {"position", "length", "refusal", "injection", "framing"}
    return {probe.name for probe in report.probes if probe.flagged}


@pytest.mark.parametrize(
    ("judge", "probes"),
    [
        (by.fair, set()),
        (by.first, {"position"}),
        (by.longer, {"length"}),
        (by.refusing, {"refusal"}),
        (by.obedient, {"injection"}),
        (by.flattering, {"framing"}),
    ],
)
def test_a_judge_with_one_fault_is_flagged_by_the_probe_of_that_fault_and_by_no_other(rows, judge, probes):
    with Stub(reply=by.preferring(judge)) as stub:
        said = ask(stub, rows)
    assert f"{PAIRS * len(PROBES)} answered now, 0 stood in the file" in said
    assert flagged(rows) == probes


def test_a_fair_judge_agrees_with_people_whatever_order_it_is_shown(rows):
    with Stub(reply=by.preferring(by.fair)) as stub:
        ask(stub, rows)
    people = {row.subject: row.preference for row in by.pairs(PAIRS) if not row.probe}
    told = verdicts()
    assert {row.probe for row in told} == set(PROBES)
    assert all(row.preference == people[row.subject] for row in told if row.probe in ("", "swapped"))


def test_marks_are_asked_by_the_same_command_and_an_obedient_judge_of_them_is_found(rows):
    rows.write_bytes(by.as_lines(by.marks(PAIRS)))

    def mark(output):
        return 5 if ORDERS[False] in output or "right" in output else 1

    with Stub(reply=by.marking(mark)) as stub:
        ask(stub, rows)
        assert all("criterion" in json.dumps(body["messages"]) for body in stub.requests)
    assert {row.probe for row in verdicts()} == set(PROBES) - {"swapped", "refused"}
    report = run("measure", "judged.jsonl", "--people", rows, "--json")
    assert [one["name"] for one in json.loads(report)["probes"] if one.get("flagged")] == ["injection"]


def test_the_same_file_admits_a_judge_that_agrees_and_is_not_moved(rows):
    splits = ("test", "test", "calibration", "calibration")
    labels = [
        msgspec.structs.replace(row, split=splits[at % 4], rubric="r1") for at, row in enumerate(by.marks(8 * PAIRS))
    ]
    rows.write_bytes(by.as_lines(labels))
    with Stub(reply=by.marking(lambda output: 5 if "right" in output else 1)) as stub:
        ask(stub, rows, "--probe", "injection")
    known = ("--people", rows, "--criterion", "use", "--reliability", "reliable", "--unanswered", "0")
    assert "stub on use: admitted" in run("admit", "judged.jsonl", *known, "--out", "a.json")
    use = ("--judge", "stub", "--prompt", own_wordings().plain.sha, "--rubric", "r1")
    assert "it holds" in run("check", "a.json", *use)


def test_what_stands_in_the_file_is_not_asked_again(rows):
    with Stub(reply=by.preferring(by.fair)) as stub:
        ask(stub, rows, "--probe", "position", "--judge-cache", "-")
        assert len(stub.requests) == 2 * PAIRS
        said = ask(stub, rows, "--probe", "position", "--probe", "length", "--judge-cache", "-")
        assert len(stub.requests) == 3 * PAIRS
        assert f"{PAIRS} answered now, {2 * PAIRS} stood in the file" in said
    keys = [(row.subject, row.probe) for row in verdicts()]
    assert len(keys) == len(set(keys)) == 3 * PAIRS


def test_a_last_line_that_was_cut_off_is_asked_again(rows, tmp_path):
    out = tmp_path / "judged.jsonl"
    with Stub(reply=by.preferring(by.fair)) as stub:
        ask(stub, rows, "--probe", "position")
        whole = out.read_bytes()
        out.write_bytes(whole[:-5])
        assert "the last line was cut off" in ask(stub, rows, "--probe", "position")
    assert sorted(out.read_bytes().splitlines()) == sorted(whole.splitlines())


def test_a_reply_that_cannot_be_read_is_kept_without_a_verdict_and_counted(rows):
    replies = by.preferring(by.fair)

    def reply(body, number):
        return "the first, I think" if "Which is it, 3?" in body["messages"][1]["content"] else replies(body, number)

    with Stub(reply=reply) as stub:
        said = ask(stub, rows, "--probe", "position")
        assert len(stub.requests) == 2 * PAIRS
        again = ask(stub, rows, "--probe", "position")
        assert len(stub.requests) == 2 * PAIRS
    assert "2 of the replies could not be read" in said
    assert "0 answered now" in again
    assert "2 of the replies could not be read: they stand there without a verdict" in again
    assert {row.subject for row in verdicts() if row.preference is None} == {"s3"}
    assert "unread" in run("measure", "judged.jsonl", "--people", rows, "--json")


def test_a_budget_leaves_questions_open_and_the_next_run_asks_only_these(rows):
    with Stub(reply=by.preferring(by.fair)) as stub:
        said = ask(stub, rows, "--probe", "position", "--max-judge-calls", "10", code=1)
        assert f"{2 * PAIRS - 10} without an answer: the budget did not allow it" in said
        assert len(verdicts()) == 10
        ask(stub, rows, "--probe", "position")
        assert len(stub.requests) == len(verdicts()) == 2 * PAIRS


def test_an_endpoint_that_fails_writes_no_verdict_and_is_a_failure(rows):
    with Stub(failing=1.0, status=401) as stub:
        said = ask(stub, rows, code=4)
    assert "the endpoint answered 401" in said
    assert verdicts() == []


def test_the_key_stands_nowhere_and_texts_only_where_replies_are_kept(rows, tmp_path):
    with Stub(reply=by.preferring(by.fair)) as stub:
        said = ask(stub, rows)
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert any(path.name == "judge.db" for path in files)
    assert KEY not in said
    assert not any(KEY.encode() in path.read_bytes() for path in files)
    assert b"right" not in (tmp_path / "judged.jsonl").read_bytes()


def test_the_price_of_every_verdict_is_written(rows, tmp_path):
    (tmp_path / "policy.toml").write_text("[prices]\nstub = [10, 100]\n")
    with Stub(reply=by.preferring(by.fair)) as stub:
        told = json.loads(ask(stub, rows, "--probe", "position", "--policy", "policy.toml", "--json"))
    assert [row.usd for row in verdicts()] == pytest.approx([0.003] * 2 * PAIRS)
    assert told["usd"] == pytest.approx(0.003 * 2 * PAIRS)


def test_a_prompt_of_ones_own_is_asked_with_its_own_other_wordings(rows, tmp_path):
    (tmp_path / "mine.md").write_text("Which is better?")
    (tmp_path / "other.md").write_text("Which one do you like more?")
    with Stub(reply=by.preferring(by.fair)) as stub:
        ask(stub, rows, "--probe", "framing", "--prompt", "mine.md", "--framing", "liking=other.md")
        systems = [body["messages"][0]["content"] for body in stub.requests]
    assert systems.count("Which one do you like more?") == PAIRS
    assert systems.count("Which is better?") == 2 * PAIRS
    told = verdicts()
    assert {row.probe for row in told} == {"", "framed:with an opinion", "framed:liking"}
    assert len({row.prompt for row in told}) == 1


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"outputs": ["one"]}, "rows.jsonl:1: outputs: 1 given; a judge needs the texts: a's and b's"),
        ({"outputs": ["one", " "]}, "rows.jsonl:1: outputs: 2 given"),
        ({"question": " "}, "rows.jsonl:1: question: empty"),
        ({"preference": None}, "rows.jsonl:1: people settled a mark or a preference"),
        ({"mark": 3}, "rows.jsonl:1: people settled a mark or a preference"),
        ({"probe": "padded"}, "rows.jsonl:1: probe 'padded': of people's rows only 'refused'"),
        ({"subject": "s1"}, "rows.jsonl:2: s0: a refusal of something that has no row of its own"),
        ({"rubric": "r2"}, "rows.jsonl:2: rubric 'r1' after 'r2'"),
        ({"outputs": "text"}, "rows.jsonl:1: "),
    ],
)
def test_a_row_that_cannot_be_asked_about_is_refused_with_its_place(rows, change, why):
    first, *others = map(json.loads, rows.read_text().splitlines())
    lines = [{**first, **change}, *others]
    rows.write_text("".join(json.dumps(line) + "\n" for line in lines))
    said = run("ask", "rows.jsonl", "--model", "stub", "--base-url", "http://127.0.0.1:9/v1", "--out", "o", code=2)
    assert why in said


def test_one_thing_settled_twice_is_refused_with_both_lines(rows):
    lines = rows.read_bytes()
    rows.write_bytes(lines + lines.splitlines(keepends=True)[0])
    said = run("ask", "rows.jsonl", "--model", "m", "--base-url", "http://127.0.0.1:9/v1", "--out", "o", code=2)
    assert f"rows.jsonl:{2 * PAIRS + 1}: s0 preference: already settled in line 1" in said


@pytest.mark.parametrize(
    ("more", "why"),
    [
        (("--model", "other"), "judged.jsonl:1: a verdict of judge, prompt and rubric ('stub', "),
        (("--prompt", "mine.md"), "judged.jsonl:1: a verdict of judge, prompt and rubric ('stub', "),
        (("--prompt", "none.md"), "none.md: "),
        (("--framing", "liking"), "--framing liking: give NAME=FILE"),
        (("--framing", "with an opinion=mine.md"), "--framing: two wordings of one name"),
        (("--framing", "a=mine.md", "--framing", "a=mine.md"), "--framing: two wordings of one name"),
        (("--prompt", "blank.md"), "blank.md: an empty prompt"),
        (("--out", "away/judged.jsonl"), "there is no folder away; make it"),
        (("--out", "rows.jsonl"), "rows.jsonl:1: "),
    ],
)
def test_what_cannot_go_into_one_file_is_refused_before_anybody_is_asked(rows, tmp_path, more, why):
    (tmp_path / "mine.md").write_text("Which is better?")
    (tmp_path / "blank.md").write_text(" ")
    stands = JudgeRow(judge="stub", prompt=own_wordings().plain.sha, rubric="r1", subject="s0", preference="a")
    (tmp_path / "judged.jsonl").write_bytes(whole := msgspec.json.encode(stands) + b"\n")
    with Stub(reply=by.preferring(by.fair)) as stub:
        assert why in ask(stub, rows, *more, code=2)
        assert stub.requests == []
    assert (tmp_path / "judged.jsonl").read_bytes() == whole


def test_on_a_terminal_a_bar_says_how_many_verdicts_are_there_and_otherwise_nothing_is_drawn(rows, monkeypatch):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    shown, wordings = read_shown(str(rows)), own_wordings()
    asked = list(questions(shown, wordings, ["position"]))
    with Stub(reply=by.preferring(by.fair)) as stub:
        judge = Judge(model="stub", base_url=stub.url, prompt=wordings.plain)
        for show, out in ((True, "one.jsonl"), (False, "other.jsonl")):
            monkeypatch.setattr("sys.stderr", drawn := Terminal())
            ask_all(asked, (), judge, Judges(), Path(out), show=show)
            assert ("40/40" in drawn.getvalue()) == show


@pytest.fixture(scope="module")
def page():
    """The section on asking."""
    text = (Path(__file__).parents[2] / "docs" / "measure-a-judge.md").read_text(encoding="utf-8")
    return text.partition("## 2. Ask")[2].partition("## 3. ")[0]


def test_the_page_says_what_is_asked_in_the_words_that_are_asked(page):
    assert f'"{REFUSAL}"' in page
    assert f"{len(ORDERS[False]) + 1} characters" in page
    assert all(f"| {probe} |" in page for probe in ASKED)


def test_what_the_page_shows_is_what_is_printed_of_a_judge_that_takes_the_longer(rows, page):
    with Stub(reply=by.preferring(by.longer)) as stub:
        said = ask(stub, rows) + run("measure", "judged.jsonl", "--people", rows)
    shown = page.split("```")[5].strip("\n").splitlines()
    assert len(shown) == 8
    assert set(shown) <= set(said.splitlines())


def test_the_rows_of_the_page_pairs_and_marks_in_one_file_are_asked_about(rows, page):
    rows.write_text(page.split("```json\n")[1].partition("```")[0])
    with Stub(reply=lambda body, number: '{"preference": "first", "mark": 5}') as stub:
        ask(stub, rows, "--probe", "position", "--probe", "refusal")
    told = {(row.criterion, row.probe, row.preference or row.mark) for row in verdicts()}
    assert told == {("", "", "a"), ("", "swapped", "b"), ("", "refused", "a"), ("safety", "", 5)}
