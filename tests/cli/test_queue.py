"""``traceeval queue`` and ``rubric``: queues with rules, rubrics in versions, gold written for evaluate."""

import json

import msgspec
import pytest
from click.testing import CliRunner

from traceeval.cli import main
from traceeval.review import Store, claim, enqueue, submit
from traceeval.review.pairs import pair
from traceeval.review.relevance import enqueue_pool, pool
from traceeval.review.submission import Submission
from traceeval.testing import model, trace, user


@pytest.fixture
def url(tmp_path):
    return f"sqlite:///{tmp_path / 'review.db'}"


@pytest.fixture
def run(url):
    def call(*words, code=0, queue=True):
        said = CliRunner().invoke(main, [*words, *(("--queue", url) if queue else ())])
        assert said.exit_code == code, said.output
        return said.output

    return call


def create(run, *words, **kwargs):
    return run("queue", "create", "--as", "lea", "--name", "safety", *words, **kwargs)


def test_a_queue_is_made_once_and_keeps_its_rules(run):
    assert "single, starter-core version 1, 2 an item" in create(run, "-k", "2", "--lang", "de")
    assert "2 an item" in create(run, "-k", "2", "--lang", "de")
    assert "exists with other rules" in create(run, "-k", "3", code=2)


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("-k", "9"), "k is 1 to 5 people"),
        (("--ttl", "5"), "60 seconds to a day"),
        (("--overlap", "2"), "overlap is a share"),
        (("--session-cap", "0"), "at least one item"),
        (("--rubric", "starter:charm"), "no criterion 'charm'"),
        (("--rubric", "nowhere.json"), "write core, starter, starter:A,B or a file"),
    ],
)
def test_a_rule_out_of_range_is_refused_in_words(run, words, why):
    assert why in create(run, *words, code=2)


def test_a_choice_of_criteria_is_asked(run):
    assert "starter-tone+safety version 1" in create(run, "--rubric", "starter:tone,safety", "--mode", "protocol")


def test_a_rubric_is_added_compared_and_frozen(run, tmp_path):
    body = json.loads(run("rubric", "show", "core", "--json", queue=False))
    for version, wording in ((1, "first"), (2, "second")):
        anchor = {**body["criteria"][0]["anchors"]["3"], "wording": wording}
        body["criteria"][0]["anchors"]["3"] = anchor
        (tmp_path / f"{version}.json").write_text(json.dumps({**body, "id": "ours", "version": version}))
        assert f"ours version {version} (en) is stored" in run(
            "rubric", "add", "--as", "lea", str(tmp_path / f"{version}.json")
        )
    assert run("rubric", "diff", "ours", "1", "2") == "groundedness 3 wording\n  - first\n  + second\n"
    assert "is frozen" in run("rubric", "freeze", "ours", "2", "--as", "lea")
    assert "whole, 5 criteria" in run("rubric", "check", str(tmp_path / "1.json"), queue=False)


def test_a_rubric_with_one_anchor_is_not_frozen(run, tmp_path):
    body = json.loads(run("rubric", "show", "core", "--json", queue=False))
    body["criteria"][0]["anchors"]["3"]["excerpts"].pop()
    (tmp_path / "r.json").write_text(json.dumps({**body, "id": "ours"}))
    run("rubric", "add", "--as", "lea", str(tmp_path / "r.json"))
    assert "groundedness 3 needs 2 to 3 annotated excerpts, it has 1" in run(
        "rubric", "freeze", "ours", "1", "--as", "lea", code=2
    )


def test_a_protocol_is_gone_through_at_the_terminal(run, url):
    create(run, "--mode", "protocol", "--overlap", "0", "--no-watch", "--gold-share", "0")
    traces = [trace(user("question"), model(text, id="s1"), id=text, answer=text) for text in ("one", "two")]
    made = pair(*[(text.id * 20, msgspec.json.encode(text)) for text in traces])
    from traceeval.review import Unit

    unit = Unit(
        trace="pair", sha256=made.sha256, level=0.5, floor=0, pi=1.0, u=0.0, k=1, safety=False, reasons=(),
        payload=made.first, second=made.second,
    )  # fmt: skip
    store = Store(url)
    enqueue(store, [unit], queue="safety", frame_sha256="a" * 64, frame_size=1, seed="", plan={})
    who = ("--as", "ana", "--name", "safety")
    told = run("review", "claim", *who)
    assert "response b" not in told
    assert "next: traceeval review alone a" in told
    marks = [f"--mark={name}=5" for name in ("groundedness", "tool_use", "trajectory", "safety", "accuracy")]
    assert "the other response" in run("review", "alone", "a", *who, *marks)
    assert "next: both" in run("review", "alone", "b", *who, *marks)
    told = run("review", "claim", *who)
    assert "response a; cite" in told
    assert "response b; cite" in told
    assert "the item is resolved" in run(
        "review", "submit", *who, "--prefer", "tie", "--rationale", "both say the very same thing"
    )


def test_what_experts_graded_is_written_as_qrels_and_gold(run, url, tmp_path):
    create(run, "--mode", "relevance", "--overlap", "0", "--gold-share", "0")
    store = Store(url)
    texts = {"questions": {"q1": "how?"}, "documents": {"d1": "so"}}
    enqueue_pool(store, "safety", pool({"run": {"q1": ["d1"]}}), **texts, share=1.0, seed="s")
    lease = claim(store, "safety", "ana")
    said = Submission(
        marks={"relevance": 4}, rationale="it says how in so many words", answer="so", claims=("so it is",)
    )
    submit(store, lease.slot, "ana", lease.fence, said, "k")
    assert run("queue", "export", "--name", "safety") == "q1 0 d1 3\n"
    (tmp_path / "q.json").write_text('{"q1": "how?"}')
    row = json.loads(
        run("queue", "export", "--name", "safety", "--as", "gold", "--questions", str(tmp_path / "q.json"))
    )
    assert row == {"question": "how?", "documents": {"d1": 3}, "answer": ["so"], "claims": ["so it is"]}


def test_no_alarm_is_said_too(run):
    create(run)
    assert run("queue", "alarms", "--name", "safety") == "no alarm stands\n"
    assert "no alarm 7 stands" in run("queue", "clear", "7", "--as", "lea", "--reason", "a mistake", code=2)


def lines(first, count):
    made = (
        trace(user(f"q {n}"), model(f"a {n}"), id=f"t{n}", question=f"q {n}", answer=f"a {n}")
        for n in range(first, first + count)
    )
    return b"\n".join(msgspec.json.encode(one) for one in made)


def test_a_round_is_opened_listed_and_revealed(run, url, tmp_path):
    create(run, "--overlap", "0")
    (tmp_path / "t.jsonl").write_bytes(lines(0, 10))
    calibrate = ("queue", "calibrate", str(tmp_path / "t.jsonl"), "--as", "lea", "--name", "safety")
    assert "there are starter-core:1;" in run(*calibrate, "--rubric", "ours:1", code=2)
    assert "no round yet" in run("queue", "rounds", "--name", "safety")
    assert "round 1 is open: 10 items" in run(*calibrate, "--rubric", "starter-core:1", "--target", "0.5")
    store = Store(url)
    for who in ("ana", "ben"):
        for number in range(10):
            lease = claim(store, "safety", who)
            marks = {one.name: 5 for one in lease.rubric.criteria}
            said = Submission(marks=marks, rationale="because the trace shows it plainly")
            submit(store, lease.slot, who, lease.fence, said, f"{who}{number}")
    store.close()
    assert "10 items, 2 through, 2 began; open" in run("queue", "rounds", "--name", "safety")
    assert "all the same" in (told := run("queue", "reveal", "1", "--as", "lea"))
    assert "reached: freeze the rubric" in told
    assert "laid open, groundedness all the same" in run("queue", "rounds", "--name", "safety")


def test_a_sample_of_a_recorded_run_is_drawn(run, tmp_path):
    (tmp_path / "t.jsonl").write_bytes(lines(0, 30))
    out = str(tmp_path / "out")
    CliRunner().invoke(main, ["evaluate", str(tmp_path / "t.jsonl"), "--out", out, "--quiet"])
    create(run, "--budget", "12", "--lang", "en")
    drawn = ("queue", "draw", str(tmp_path / "t.jsonl"), "--run", out, "--name", "safety")
    assert "a language is never guessed" in run(*drawn, code=2)
    first = run(*drawn, "--lang", "en")
    assert "of 30 traces drawn, 0 of them must be seen" in first
    fields = ("--lang-field", "x", "--tag-field", "x", "--warn-field", "x", "--author-field", "x")
    again = run(*drawn, "--lang", "en", *fields)
    assert "; 0 new" in again
    assert "languages are stated of 30 of 30 traces; only people who speak them judge those" in again
    for what in ("specialities", "kinds of harmful content", "authors"):
        assert f"{what} are stated of 0 of 30 traces; their metadata has " in again
    assert "is for 12 items" in run(*drawn, "--lang", "en", "--budget", "13", code=2)
