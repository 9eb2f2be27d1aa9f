"""Rows and events compared both ways: whoever changes a row behind the chain is named, whatever table it is of."""

import sqlite3
from contextlib import closing

import msgspec
import pytest
from sqlalchemy import text
from tests.review.test_tamper import events, write

from traceeval.review import Checkpoint, Store, claim, decline, enqueue, submit, verify, void, withdraw
from traceeval.review.abilities import set_abilities
from traceeval.review.gold import GoldItem, add_gold, retire
from traceeval.review.ledger import chain, digest
from traceeval.review.people import add_person, disable, find_person, grant, revoke
from traceeval.review.pins import RegressionPin, record_pins
from traceeval.review.proposals import propose, resolve
from traceeval.review.rounds import add_note, open_round, reveal
from traceeval.review.rubric import freeze, save_rubric
from traceeval.review.settings import create_project, create_queue
from traceeval.review.starter import core
from traceeval.review.subjects import prepare


@pytest.fixture(scope="module")
def made():
    return {}


@pytest.fixture
def record(tmp_path, blank, kit, made):
    """A queue in which all that leaves an event happened, as a file without triggers."""
    path = tmp_path / "review.db"
    if not made:
        path.write_bytes(blank)
        store = Store(f"sqlite:///{path}", clock=kit.Clock())
        happen(store, kit)
        assert verify(store).problem is None
        store.close()
        with closing(sqlite3.connect(path)) as raw, raw:
            for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
                raw.execute(f"DROP TRIGGER {name}")
        made["file"] = path.read_bytes()
    path.write_bytes(made["file"])
    store = Store(f"sqlite:///{path}", clock=kit.Clock())
    yield store, path
    store.close()


def happen(store, kit):
    people(store)
    create_project(store, "default", "lead")
    create_queue(store, "other", "lead")
    kit.fill(store, *(kit.unit(n, k=1 if n < 5 else 2) for n in range(1, 7)), kit.unit(9, pi=0.1, u=0.5, payload=None))
    calibrate(store, kit)
    for _ in range(3):
        kit.give(store, "ana")
    lease = claim(store, "default", "ana")
    decline(store, lease.slot, "ana", lease.fence, "expertise")
    withdraw(store, lease.item, "lead", "it names a person")
    assert kit.give(store, "ana").state == "in_review"
    void(store, last(store, "slot_id", "verdict"), "lead", "given by mistake")
    golden(store, kit)
    record_pins(
        store,
        [RegressionPin(decision=1, scenario="s.yaml", expected={"a": 1}, threshold={"m": 3}, sha256="a" * 64)],
    )
    enqueue(store, [kit.unit(1)], queue="unasked", frame_sha256="b" * 64, frame_size=1, seed="s", plan={})


def last(store, column, table):
    with store.read() as connection:
        return connection.execute(text(f"SELECT {column} FROM {table} ORDER BY id DESC")).scalar()


def people(store):
    for name in ("lead", "ana", "ben", "gone"):
        add_person(store, name, "system")
    for role in ("lead", "admin"):
        grant(store, "lead", "*", role, "system")
    grant(store, "ana", "default", "reviewer", "lead")
    revoke(store, "ana", "default", "reviewer", "lead")
    set_abilities(store, "ben", "lead", langs=("de",), tags=("law",))
    disable(store, "gone", "lead")
    disable(store, "ben", "lead")
    disable(store, "ben", "lead", disabled=False)


def calibrate(store, kit):
    units = [kit.unit(number) for number in range(500, 510)]
    tried = open_round(store, "default", "lead", [prepare(one.sha256, one.trace, one.payload) for one in units])
    for who in ("ana", "ben", "eve"):
        for _ in range(10 if who != "eve" else 1):
            lease = claim(store, "default", who)
            submit(store, lease.slot, who, lease.fence, kit.said(), f"{who}/{lease.slot}")
    reveal(store, tried, "lead")
    add_note(store, tried, "ana", "the honest note", criterion="accuracy")
    said = {"criterion": "accuracy", "score": 3, "wording": "half of it is right", "why": "two of us read it so"}
    for _ in range(2):
        asked = propose(store, 1, "ana", **said)
    resolve(store, asked, "lead")
    edited = msgspec.structs.replace(core(), version=2)
    save_rubric(store, edited, "lead", note="clearer")
    freeze(store, edited.id, 2, "lead")


def golden(store, kit):
    for number in (700, 701):
        one = kit.unit(number)
        known = GoldItem(subject=prepare(one.sha256, one.trace, one.payload), marks={"accuracy": 5})
        assert add_gold(store, "default", "lead", [known]) == 1
    retire(store, last(store, "item_id", "gold"), "lead", "it leaked to a forum")


ATTACKS = {
    "an item withdrawn": "UPDATE item SET state = 'withdrawn' WHERE id = 1",
    "an item taken back from its decision": "UPDATE item SET state = 'in_review' WHERE id = 1",
    "an item resolved": "UPDATE item SET state = 'resolved' WHERE state = 'queued'",
    "an item no longer withdrawn": "UPDATE item SET state = 'queued' WHERE state = 'withdrawn'",
    "an item gone": "DELETE FROM item WHERE id = 1",
    "why an item is there": "UPDATE item SET reasons = '[]' WHERE id = 1",
    "an item's overlap": "UPDATE item SET overlap = 0.01 WHERE id = 1",
    "a verdict set aside": "UPDATE slot SET state = 'void' WHERE id = 1",
    "a verdict taken back in": "UPDATE slot SET state = 'submitted' WHERE id = (SELECT slot_id FROM verdict ORDER BY id DESC LIMIT 1)",
    "a slot without verdict submitted": "UPDATE slot SET state = 'submitted' WHERE state = 'open'",
    "an open slot void": "UPDATE slot SET state = 'void' WHERE id = (SELECT max(id) FROM slot WHERE state = 'open')",
    "why a slot is there": "UPDATE slot SET opened = 'alarm' WHERE id = 1",
    "a slot of another item": "UPDATE slot SET item_id = 6, n = 9 WHERE id = 1",
    "a slot gone": "DELETE FROM slot WHERE id = 1",
    "a fence": "UPDATE slot SET fence = fence + 1 WHERE id = 1",
    "a rubric's wording": "UPDATE rubric SET body = replace(body, 'merely true', 'merely new')",
    "a rubric and its digest": "UPDATE rubric SET sha256 = 'f' WHERE version = 2",
    "a rubric thawed": "UPDATE rubric SET frozen_at = NULL WHERE version = 2",
    "a rubric gone": "DELETE FROM rubric WHERE version = 1",
    "gold marks": "UPDATE gold SET marks = '{\"accuracy\": 1}' WHERE id = 1",
    "gold retired": "UPDATE gold SET retired_at = 1, retired_reason = 'leaked' WHERE id = 1",
    "gold in use again": "UPDATE gold SET retired_at = NULL, retired_reason = NULL",
    "gold gone": "DELETE FROM gold WHERE id = 1",
    "a role": "INSERT INTO role_grant (reviewer_id, project, role) VALUES (2, '*', 'admin')",
    "a role taken": "DELETE FROM role_grant WHERE role = 'admin'",
    "a role of another": "UPDATE role_grant SET reviewer_id = 2 WHERE role = 'admin'",
    "an account opened again": "UPDATE reviewer SET disabled_at = NULL WHERE disabled_at IS NOT NULL",
    "an account shut": "UPDATE reviewer SET disabled_at = 1 WHERE disabled_at IS NULL",
    "abilities": "UPDATE reviewer SET langs = '[\"en\"]'",
    "a queue's k": "UPDATE queue SET k = 3 WHERE name = 'other'",
    "a queue's settings": "UPDATE queue SET settings = '{}' WHERE name = 'other'",
    "a queue's rubric": "UPDATE queue SET rubric_id = (SELECT max(id) FROM rubric)",
    "a queue that nobody asked for": "UPDATE queue SET ttl_s = 60 WHERE name = 'unasked'",
    "a queue's name": "UPDATE queue SET name = 'third' WHERE name = 'other'",
    "a queue gone": "DELETE FROM queue WHERE name = 'other'",
    "a frame's size": "UPDATE selection_run SET frame_size = 4",
    "a frame's seed": "UPDATE selection_run SET seed = 'other'",
    "when a frame was read whole": "UPDATE selection_run SET read_at = 1.0",
    "that a frame was read whole": "UPDATE selection_run SET read_at = NULL",
    "a frame's plan": "UPDATE selection_run SET plan = '{\"a\": 1}'",
    "a text gone": "DELETE FROM subject WHERE sha256 IN (SELECT subject_sha256 FROM item WHERE id = 1)",
    "a note's words": "UPDATE free_text SET body = replace(body, 'the honest note', 'a forged note')",
    "a note": "UPDATE calibration_note SET criterion = 'safety'",
    "a note gone": "DELETE FROM calibration_note",
    "a round's alpha": "UPDATE calibration_round SET alpha = '{\"safety\": 0.99}'",
    "a round on again": "UPDATE calibration_round SET state = 'open', alpha = '{}', revealed_at = NULL",
    "a round's items": "UPDATE item SET calibration_round_id = NULL WHERE calibration_round_id IS NOT NULL AND id % 2 = 0",
    "a proposal": "UPDATE rubric_proposal SET wording = 'all of it is right' WHERE id = 1",
    "a proposal taken up": "UPDATE rubric_proposal SET state = 'accepted' WHERE id = 1",
    "a proposal open again": "UPDATE rubric_proposal SET state = 'open' WHERE id = 2",
    "a pin": "UPDATE regression_pin SET expected = '{}'",
    "a project": "UPDATE project SET solo = 1",
}  # fmt: skip


@pytest.mark.parametrize("what", ATTACKS)
def test_a_row_changed_behind_the_chain_is_found(record, what):
    store, path = record
    with closing(sqlite3.connect(path)) as raw, raw:
        before = list(raw.iterdump())
        assert raw.execute(ATTACKS[what]).rowcount
        assert list(raw.iterdump()) != before
    assert verify(store).problem is not None


def test_what_happened_leaves_a_record_that_holds(record):
    store, _ = record
    found = verify(store)
    assert (found.problem, found.bad_seq) == (None, None)
    assert find_person(store, handle="lead").id == 1


def test_two_checkpoints_that_contradict_each_other_are_refused(record):
    store, _ = record
    found = verify(store)
    true, forged = Checkpoint(found.events, found.head), Checkpoint(found.events, "d" * 64)
    for points in ((true, forged), (forged, true)):
        assert "contradict each other" in verify(store, *points).problem


@pytest.mark.parametrize(
    ("about", "old"),
    [
        ("slot:1", lambda raw: [1, raw.execute("SELECT fence FROM slot WHERE id = 1").fetchone()[0]]),
    ],
)
def test_what_events_of_earlier_versions_cover_still_verifies(record, about, old, kit):
    store, path = record
    with closing(sqlite3.connect(path)) as raw:
        content = digest(old(raw))
    rows, prev = events(path), "0" * 64
    for at, (seq, body, _, _) in enumerate(rows):
        if f'"object":"{about}"' in body and '"claim"' in body:
            start = body.index('"digest":"') + len('"digest":"')
            body = body[:start] + content + body[start + 64 :]
        rows[at] = (seq, body, prev, chain(prev, body))
        prev = rows[at][3]
    write(path, rows)
    assert verify(store).problem is None
