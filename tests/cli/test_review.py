"""The terminal review, end to end: claimed, judged by two who disagree, settled by a third; the record verifies."""

import json
import re
import shlex
import sqlite3
from contextlib import closing

import pytest
from click.testing import CliRunner

from traceeval.cli import main
from traceeval.review import Store
from traceeval.review.people import add_person

MARKS = ["--mark", "tool_use=5", "--mark", "trajectory=5", "--mark", "safety=5", "--mark", "accuracy=5"]
GOOD = [*MARKS, "--mark", "groundedness=5", "--rationale", "every claim stands in a result"]
BAD = [
    *MARKS, "--mark", "groundedness=1", "--reason", "groundedness=no source",
    "--rationale", "the amount stands nowhere",
]  # fmt: skip


@pytest.fixture(scope="module")
def evaluated(tmp_path_factory):
    out = tmp_path_factory.mktemp("queue") / "out"
    done = CliRunner().invoke(
        main,
        ["evaluate", "traces/obeyed_injection.otlp.jsonl", "--tools", "examples/support_desk/tools.yaml",
         "--out", str(out), "--quiet", "--engine", "serial"],
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    return (out / "review.db").read_bytes()


@pytest.fixture
def queue(tmp_path, evaluated):
    path = tmp_path / "review.db"
    path.write_bytes(evaluated)
    return f"sqlite:///{path}", path


def run(*args, code=0):
    done = CliRunner().invoke(main, list(args))
    assert done.exit_code == code, done.output
    return done.output


@pytest.fixture
def review(queue):
    def at(verb, who, *args, code=0):
        return run("review", verb, "--as", who, "--queue", queue[0], *args, code=code)

    return at


def claimed(review, who):
    out = review("claim", who)
    slot, item, fence = re.search(r"slot (\d+), item (\d+), fence (\d+)", out).groups()
    span = re.search(r"\[([0-9a-f]{16})\] tool", out)[1]
    return out, item, span, ["--slot", slot, "--fence", fence]


def test_an_item_from_claim_to_adjudicated(queue, review):
    url, path = queue
    _, item, _, lease = claimed(review, "ana")
    review("submit", "ana", *lease, *GOOD)
    _, second, span, lease = claimed(review, "ben")
    assert second == item
    assert "disputed" in review("submit", "ben", *lease, *BAD, "--evidence", span)
    third = None
    while third != item:
        out, third, span, lease = claimed(review, "cy")
        if third != item:
            review("decline", "cy", *lease, "--reason", "expertise")
    assert "adjudicate" in out
    assert "--cause" not in out
    assert "(traceeval review adjudicate)" in review("submit", "cy", *GOOD, code=2)
    out = review("adjudicate", "cy", *BAD, "--evidence", span)
    assert "--cause 'guideline_gap|ambiguous|" in review("claim", "cy")
    assert "verdict 1" in out
    assert "verdict 2" in out
    assert "ana" not in out
    out = review("adjudicate", "cy", *BAD, "--evidence", span, "--cause", "reviewer_error")
    assert "resolved(adjudicated)" in out
    out = review("show", "ana", item)
    assert "resolved(adjudicated)" in out
    assert "chosen for" in out
    assert "chain consistent, not proven complete" in run("audit", "verify", "--queue", url)
    with (
        closing(sqlite3.connect(path)) as connection,
        pytest.raises(sqlite3.IntegrityError, match="verdict is insert-only"),
    ):
        connection.execute("UPDATE verdict SET late = 1")


def test_a_claim_shows_the_trace_in_a_frame_and_not_why_it_was_chosen(review):
    out, *_ = claimed(review, "ana")
    with_frame = [line for line in out.splitlines() if line.startswith("│ ")]
    assert len(with_frame) > 5
    shown = review("show", "ana", "1")
    assert "chosen for" not in out + shown
    assert "decision" not in shown
    assert "groundedness: Is each claim" in out


def test_the_slot_held_need_not_be_named(review):
    claimed(review, "ana")
    assert "stored" in review("submit", "ana", *GOOD)
    told = review("submit", "ana", *GOOD, code=2)
    assert "ana holds no slot of queue default: `traceeval review claim` leases one" in told
    assert "ana holds no slot 99 in queue default" in review("submit", "ana", "--slot", "99", *GOOD, code=2)


def test_of_several_slots_held_one_is_to_be_named(queue, review):
    with closing(sqlite3.connect(queue[1])) as connection, connection:
        connection.execute("UPDATE queue SET settings = json_set(settings, '$.max_leases', 2)")
    slots = [claimed(review, "ana")[3][1] for _ in range(2)]
    told = review("submit", "ana", *GOOD, code=2)
    assert f"ana holds slots {', '.join(sorted(slots, key=int))} of queue default: name one with --slot" in told


def pasted(out):
    """The words of the line that says what comes next, as a shell reads them, with what is left to a person filled in."""
    (line,) = re.findall(r"^next: traceeval (.+)$", out, re.MULTILINE)
    return [one.replace("…", "5" if "=" in one else "every claim stands in a result") for one in shlex.split(line)]


def test_what_comes_next_works_as_it_is_printed(queue, review):
    assert "stored" in run(*pasted(review("claim", "ana o'neill", "--name", "default")))


def test_what_the_environment_says_is_not_printed(queue):
    claim = ["review", "claim", "--as", "ana"]
    words = pasted(CliRunner().invoke(main, claim, env={"TRACEEVAL_QUEUE": queue[0]}).output)
    assert words[:4] == ["review", "submit", "--as", "ana"]
    assert not {"--queue", "--name"} & set(words)


def test_the_same_submit_again_is_stored_once(review):
    *_, lease = claimed(review, "ana")
    first = review("submit", "ana", *lease, *GOOD)
    again = review("submit", "ana", *lease, *GOOD)
    assert "it was stored before" in again
    assert first.split()[1] == again.split()[1]
    assert "used with another verdict" in review("submit", "ana", *lease, *GOOD, "--unsure", "safety", code=2)


def test_a_refusal_is_a_usage_error_with_the_way_out(review):
    *_, lease = claimed(review, "ana")
    low = [*MARKS, "--mark", "groundedness=2", *GOOD[-2:]]
    assert "(--evidence …)" in review("submit", "ana", *lease, *BAD, code=2)
    assert "(--mark groundedness=…)" in review("submit", "ana", *lease, *MARKS, code=2)
    assert "(--rationale …)" in review("submit", "ana", *lease, *GOOD[:-2], code=2)
    assert "(--reason groundedness=…)" in review("submit", "ana", *lease, *low, code=2)


def test_a_lost_lease_keeps_what_was_written(review):
    *_, lease = claimed(review, "ana")
    review("decline", "ana", "--reason", "expertise")
    assert "no longer yours" in review("submit", "ana", *lease, *GOOD, code=2)
    assert "every claim stands in a result" in review("list", "ana")


def test_a_verdict_may_come_from_a_file(review, tmp_path):
    *_, lease = claimed(review, "ana")
    path = tmp_path / "v.json"
    path.write_text(
        '{"marks": {"groundedness": 5, "tool_use": "not_applicable", "trajectory": 4, "safety": 5, "accuracy": 5},'
        ' "rationale": "every claim stands in a result"}'
    )
    assert "stored" in review("submit", "ana", *lease, "--file", str(path))


def test_a_list_says_what_is_open_and_held_and_an_empty_claim_is_never_done(queue, review):
    out = review("list", "ana")
    assert re.search(r"\d+ open for you, \d+ open, 0 leased", out)
    claimed(review, "ana")
    assert re.search(r"yours: slot \d+ of item \d+, fence 1: review, 20 min left", review("list", "ana"))
    with closing(sqlite3.connect(queue[1])) as connection, connection:
        connection.execute("UPDATE slot SET state = 'void' WHERE state = 'open'")
    out = review("claim", "ben")
    assert out.startswith("0 open for you, 0 open for others, 1 leased, next expiry in 20 min")
    assert "done" not in out


def test_status_is_for_scripts_too(queue):
    whole = json.loads(run("review", "status", "--queue", queue[0], "--json"))
    assert whole["items"]["queued"] > 0
    assert set(whole) == {"queue", "items", "slots", "frame"}
    assert "queued" in run("review", "status", "--queue", queue[0])


@pytest.mark.parametrize("verb", ["list", "claim"])
def test_a_queue_that_is_not_there_is_not_made(tmp_path, verb):
    url = f"sqlite:///{tmp_path / 'typo.db'}"
    assert "no such file" in run("review", verb, "--as", "ana", "--queue", url, code=2)
    assert not list(tmp_path.iterdir())


def test_hostile_words_of_a_reviewer_do_not_act_on_the_next_terminal(queue, review):
    *_, lease = claimed(review, "ana")
    review("submit", "ana", *lease, *GOOD[:-1], "every claim stands \x1b[2J in a result\u202e")
    _, item, span, lease = claimed(review, "ben")
    review("submit", "ben", *lease, *BAD, "--evidence", span)
    while True:
        _, third, span, lease = claimed(review, "cy")
        if third == item:
            break
        review("decline", "cy", *lease, "--reason", "expertise")
    out = review("adjudicate", "cy", *GOOD)
    assert "⟦U+001B⟧[2J" in out
    assert "\x1b" not in out


def test_a_tampered_record_fails_with_its_place(queue):
    url, path = queue
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("DROP TRIGGER audit_event_no_update")
        connection.execute("UPDATE audit_event SET body = replace(body, 'system', 'nobody') WHERE seq = 1")
    assert "event 1 was changed" in run("audit", "verify", "--queue", url, code=1)


def test_a_checkpoint_kept_outside_proves_the_record_complete(queue, review, tmp_path):
    url, path = queue
    claimed(review, "ana")
    add_person(Store(url), "new", "system")  # an event that no row needs
    kept = tmp_path / "checkpoint.json"
    kept.write_text(run("audit", "checkpoint", "--queue", url))
    assert "complete up to the checkpoint" in run("audit", "verify", "--queue", url, "--checkpoint", str(kept))
    seq = json.loads(kept.read_text())["seq"]
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("DROP TRIGGER audit_event_no_delete")
        connection.execute("DELETE FROM audit_event WHERE seq = ?", (seq,))
        last = connection.execute("SELECT seq, hash FROM audit_event ORDER BY seq DESC").fetchone()
        connection.execute("UPDATE audit_head SET seq = ?, hash = ?", last)
    assert "chain consistent" in run("audit", "verify", "--queue", url)
    out = run("audit", "verify", "--queue", url, "--checkpoint", str(kept), code=1)
    assert f"a checkpoint is at {seq}" in out


def test_a_checkpoint_file_must_be_one(queue, tmp_path):
    path = tmp_path / "c.json"
    path.write_text("{}")
    assert "no checkpoint" in run("audit", "verify", "--queue", queue[0], "--checkpoint", str(path), code=2)


def test_a_demo_without_pages_needs_a_place_to_stay():
    done = CliRunner().invoke(main, ["review", "demo", "--no-serve"])
    assert (done.exit_code, "--queue says where" in done.output) == (2, True)
