"""The record: insert-only tables, a chain that shows every change, a checkpoint that shows a cut tail."""

import json
import sqlite3
from contextlib import closing

import pytest
from sqlalchemy import insert, text
from sqlalchemy.exc import DatabaseError

from traceeval.errors import Refused
from traceeval.review import Checkpoint, Store, checkpoint, claim, decline, provisional, reopen, schema, submit, verify
from traceeval.review.ledger import chain
from traceeval.review.schema import INSERT_ONLY


def judge(store, kit):
    """A queue with a row in every table of history."""
    kit.fill(store, kit.unit(1), *(kit.unit(n, k=1) for n in range(2, 5)), kit.unit(9, pi=0.1, u=0.5, payload=None))
    kit.give(store, "ana")
    kit.give(store, "ben", 1, 5, 5, 5, 5, **kit.BAD)
    lease = claim(store, "default", "cy")
    provisional(store, lease.slot, "cy", lease.fence, kit.said())
    submit(store, lease.slot, "cy", lease.fence, kit.said(cause="ambiguous"), "k")
    for _ in range(3):
        kit.give(store, "ana")
    reopen(store, 2, "lead", "the policy changed")
    checkpoint(store)


@pytest.fixture
def judged(store, kit):
    judge(store, kit)
    return store


@pytest.fixture(scope="session")
def history(tmp_path_factory):
    """Where the same queue is kept as a file, made once."""
    return tmp_path_factory.mktemp("history") / "review.db"


@pytest.fixture
def file(tmp_path, kit, history):
    if not history.exists():
        first = Store(f"sqlite:///{history}", clock=kit.Clock())
        judge(first, kit)
        first.close()
    path = tmp_path / "file.db"
    path.write_bytes(history.read_bytes())
    store = Store(f"sqlite:///{path}", clock=kit.Clock())
    yield store, path
    store.close()


def add_what_no_step_wrote(connection):
    """One row each in the tables of history that a plain queue leaves empty."""
    opened = {"queue_id": 1, "rubric_id": 1, "n": 1, "target": 0.8, "state": "open", "alpha": {}, "opened_by": 1}
    connection.execute(insert(schema.calibration_round).values(**opened, opened_at=0.0))
    note = {"uuid": "n", "calibration_round_id": 1, "reviewer_id": 1, "text_sha256": "", "at": 0.0}
    connection.execute(insert(schema.calibration_note).values(**note))
    pooled = {"selection_unit_id": 1, "question": "q", "doc": "d", "depth": 1, "runs": []}
    connection.execute(insert(schema.pool_unit).values(**pooled))
    connection.execute(insert(schema.qualification).values(reviewer_id=1, rubric_id=1, lang="en", n=20, at=0.0))


@pytest.mark.parametrize("verb", ["UPDATE", "DELETE", "REPLACE", "TRUNCATE"])
def test_history_refuses_to_be_changed(judged, verb):
    if verb == ("TRUNCATE" if judged.is_sqlite else "REPLACE"):
        pytest.skip("the engine has no such statement")
    judged.transact(add_what_no_step_wrote)
    for table in INSERT_ONLY:
        column = {"selection_unit": "pi", "pool_unit": "doc"}.get(table, "hash" if table.startswith("audit") else "at")
        statement = {
            "UPDATE": f"UPDATE {table} SET {column} = {column}",
            "DELETE": f"DELETE FROM {table}",
            "REPLACE": f"REPLACE INTO {table} SELECT * FROM {table}",
            "TRUNCATE": f"TRUNCATE {table} CASCADE",
        }[verb]
        with pytest.raises(DatabaseError, match=f"{table} is insert-only"):
            judged.transact(lambda connection, sql=statement: connection.execute(text(sql)))


def test_words_may_be_erased_but_not_rewritten(judged):
    with pytest.raises(DatabaseError, match="insert-only"):
        judged.transact(lambda connection: connection.execute(text("UPDATE free_text SET salt = 'x'")))


def test_a_reader_cannot_write(judged):
    with pytest.raises(DatabaseError, match=r"readonly|read-only"), judged.read() as connection:
        connection.execute(text("DELETE FROM draft"))


def test_a_whole_record_verifies_and_says_that_it_is_not_proven_complete(judged):
    found = verify(judged)
    assert (found.problem, found.complete) == (None, False)
    assert found.events > 15


def test_a_checkpoint_proves_it_complete(judged):
    point = checkpoint(judged)
    assert verify(judged, point).complete
    with_more = verify(judged, Checkpoint(3, verify(judged).head))
    assert with_more.bad_seq == 3


def tamper(path, *sql):
    """As somebody with the file in hand and no triggers in the way."""
    with closing(sqlite3.connect(path)) as connection, connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        for statement in sql:
            assert connection.execute(statement).rowcount


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE audit_event SET body = replace(body, '\"seq\"', '\"Seq\"') WHERE seq = {seq}",
        "DELETE FROM audit_event WHERE seq = {seq}",
        "UPDATE audit_event SET seq = 100 + seq WHERE seq = {seq}",
        "UPDATE audit_event SET prev = hash WHERE seq = {seq}",
    ],
)
def test_an_edited_deleted_or_moved_event_is_named(file, attack):
    store, path = file
    for seq in (14, 7, 2, 1):
        tamper(path, attack.format(seq=seq))
        assert verify(store).bad_seq == seq


@pytest.mark.parametrize(
    ("sql", "told"),
    [
        ("UPDATE verdict SET late = 1 WHERE id = 2", "verdict:2 was changed"),
        ("UPDATE verdict SET body = replace(body, '5', '4') WHERE id = 1", "verdict:1 was changed"),
        ("DELETE FROM decision WHERE id = 1", "decision:1 is gone"),
        ("INSERT INTO lead_action (action, about, reviewer_id, reason, done, at) VALUES ('erase', 'x', 1, 'r', 1, 1)",
         "lead_action:2 has no event"),
        ("UPDATE slot_step SET fence = 9", "slot_step:1 was changed"),
        ("UPDATE selection_unit SET pi = 0.9 WHERE pi < 1", "selection_batch:1/1 was changed"),
        ("DELETE FROM selection_unit WHERE NOT drawn", "selection_batch:1/1 was changed"),
        ("UPDATE free_text SET body = '{}' WHERE owner IN (SELECT uuid FROM verdict WHERE id = 3)",
         "words of verdict:3 were changed"),
        ("DELETE FROM free_text WHERE owner IN (SELECT uuid FROM verdict WHERE id = 3)", "nobody erased them"),
        ("UPDATE subject SET payload = (SELECT payload FROM subject ORDER BY sha256 LIMIT 1)", "was given on was changed"),
        ("UPDATE subject SET payload = x'00'", "was given on was changed"),
        ("UPDATE audit_head SET seq = seq + 1", "head does not match"),
        ("DELETE FROM audit_head", "head does not match"),
    ],
)  # fmt: skip
def test_a_row_changed_behind_the_chain_is_named(file, sql, told):
    store, path = file
    tamper(path, sql)
    assert told in verify(store).problem


def cut(path, seq):
    """Drop everything after an event, and make the head agree."""
    tamper(path, f"DELETE FROM audit_event WHERE seq > {seq}")
    with closing(sqlite3.connect(path)) as connection, connection:
        digest = connection.execute("SELECT hash FROM audit_event WHERE seq = ?", (seq,)).fetchone()[0]
        connection.execute("UPDATE audit_head SET seq = ?, hash = ?", (seq, digest))


def test_a_cut_tail_shows_only_against_a_checkpoint(file, kit):
    store, path = file
    lease = claim(store, "default", "dee")
    decline(store, lease.slot, "dee", lease.fence, "expertise")
    point = checkpoint(store)
    cut(path, point.seq - 1)
    assert verify(store).problem is None
    assert "cut off" in verify(store, point).problem
    assert verify(store, point).bad_seq == point.seq


def test_a_chain_computed_anew_shows_only_against_a_checkpoint(file):
    store, path = file
    point = checkpoint(store)
    with closing(sqlite3.connect(path)) as connection, connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        prev = "0" * 64
        for seq, body in connection.execute("SELECT seq, body FROM audit_event ORDER BY seq").fetchall():
            forged = body.replace('"actor":"reviewer:1"', '"actor":"reviewer:2"')
            digest = chain(prev, forged)
            row = (forged, prev, digest, seq)
            connection.execute("UPDATE audit_event SET body = ?, prev = ?, hash = ? WHERE seq = ?", row)
            prev = digest
        connection.execute("UPDATE audit_head SET hash = ?", (prev,))
    assert verify(store).problem is None
    assert "computed anew" in verify(store, point).problem


def test_people_stand_in_the_chain_by_pseudonym_never_by_name(judged):
    with judged.read() as connection:
        bodies = [json.loads(body) for (body,) in connection.execute(text("SELECT body FROM audit_event"))]
    assert {body["actor"] for body in bodies} == {"system", "reviewer:1", "reviewer:2", "reviewer:3", "reviewer:4"}


def test_nobody_may_be_called_what_the_queue_signs_with(store, kit):
    kit.fill(store, kit.unit(1))
    with pytest.raises(Refused, match="no person"):
        claim(store, "default", "system")
