"""Every schema that was released comes to the present one: rows and digests stay, and so do the guards."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import MetaData, create_engine, insert, select, text
from sqlalchemy.exc import DatabaseError

from traceeval.review import Store, claim, schema, show, status, verify
from traceeval.review._migrate import migrate
from traceeval.review._triggers import statements

RELEASED = sorted(Path(__file__).with_name("released").glob("*.sql"))
HISTORY = ("verdict", "decision", "slot_step", "lead_action", "selection_unit", "audit_event", "free_text", "label")


@pytest.fixture(params=RELEASED, ids=lambda file: file.stem)
def released(request, tmp_path, kit):
    """A queue as that version left it: settled, disputed, voided, withdrawn, reopened, half written."""
    path = tmp_path / "released.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executescript(request.param.read_text())
    return path


def rows(path):
    with closing(sqlite3.connect(path)) as connection:
        connection.row_factory = sqlite3.Row
        return {table: [dict(row) for row in connection.execute(f"SELECT * FROM {table}")] for table in HISTORY}


def test_a_released_queue_keeps_every_row_and_verifies(released, kit):
    before = rows(released)
    store = Store(f"sqlite:///{released}", clock=kit.Clock())
    after = rows(released)
    for table, kept in before.items():
        assert [{name: row[name] for name in kept[0]} for row in after[table]] == kept
    assert verify(store).problem is None
    assert verify(store).events == 31
    assert status(store, "default").items == {"in_review": 4, "queued": 1, "resolved": 2, "withdrawn": 1}
    store.close()


def test_a_released_queue_goes_on(released, kit):
    store = Store(f"sqlite:///{released}", clock=kit.Clock())
    lease = claim(store, "default", "fay")
    assert (lease.rubric.id, lease.rubric.version, len(lease.rubric.criteria)) == ("starter", 1, 5)
    kit.give(store, "fay")
    assert show(store, 2, "ana").decision["method"] == "adjudicated"
    assert verify(store).problem is None
    store.close()


def test_a_released_queue_is_guarded_like_a_new_one(released):
    store = Store(f"sqlite:///{released}")
    with closing(sqlite3.connect(released)) as connection:
        triggers = connection.execute("SELECT count(*) FROM sqlite_master WHERE type = 'trigger'").fetchone()[0]
    assert triggers == len(list(statements("sqlite")))
    with pytest.raises(DatabaseError, match="insert-only"):
        store.transact(lambda connection: connection.execute(text("UPDATE verdict SET replaces = 1")))
    store.close()


def test_a_digest_covers_a_column_that_joined_later_once_it_holds_something(released):
    """Rows of the first release have no value there; a value put there afterwards is found."""
    Store(f"sqlite:///{released}").close()
    with closing(sqlite3.connect(released)) as connection, connection:
        connection.execute("DROP TRIGGER verdict_no_update")
        connection.execute("UPDATE verdict SET replaces = 1 WHERE id = 2")
    store = Store(f"sqlite:///{released}")
    assert verify(store).problem == "verdict:2 was changed after it was written"
    store.close()


def test_the_overlap_of_a_released_queue_is_what_was_drawn(released):
    """One item in four was drawn for one person; a second pair of eyes that an alarm opened was not drawn."""
    store = Store(f"sqlite:///{released}")
    with store.read() as connection:
        item = schema.item.c
        known = connection.execute(select(item.id, item.overlap, item.waiting_since).order_by(item.id)).all()
    assert [row.overlap for row in known if row.id in (4, 8)] == [0.0, 0.0]
    assert {row.overlap for row in known if row.id not in (4, 8)} == {1.0}
    assert all(row.waiting_since > 0 for row in known)
    store.close()


def aged(path, kit, n):
    """A queue of n verdicts as the first release would have kept them: its tables, without what joined later."""
    store = Store(f"sqlite:///{path}.new", clock=kit.Clock())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("traceeval.review.select._read_whole", lambda *_: None)  # no event said so then
        kit.fill(store, *(kit.unit(number, k=1) for number in range(n)))
    for _ in range(n):
        kit.give(store, "ana")
    store.close()
    new, old, known, kept = create_engine(store.url), create_engine(f"sqlite:///{path}"), MetaData(), MetaData()
    with old.begin() as connection:
        migrate(connection, RELEASED[0].stem.removeprefix("v"))
    known.reflect(old)
    kept.reflect(new)
    with old.begin() as connection, new.connect() as source:
        connection.execute(text("DELETE FROM audit_head"))
        for table in known.sorted_tables:
            columns = [kept.tables[table.name].c[column.name] for column in table.c]
            rows = [dict(row._mapping) for row in source.execute(select(*columns))]
            if rows and table.name != "alembic_version":
                connection.execute(insert(table), rows)
    new.dispose()
    old.dispose()


@pytest.mark.parametrize("n", [20, pytest.param(10_000, marks=pytest.mark.soak)])
def test_many_verdicts_of_the_first_release_come_through_whole(tmp_path, kit, n, figure):
    path = tmp_path / "aged.db"
    aged(path, kit, n)
    before = rows(path)
    store = Store(f"sqlite:///{path}", clock=kit.Clock())
    after = rows(path)
    for table, kept in before.items():
        assert [{name: row[name] for name in old} for row, old in zip(after[table], kept, strict=True)] == kept
    assert len(after["verdict"]) == n
    assert verify(store).problem is None
    store.close()
    figure("14 migrations", f"sqlite: {n:,} verdicts of the first release: all rows as they were, the record verifies")


def test_postgresql_comes_from_the_first_schema_too(released, empty):
    """The first schema is made on the server and its rows copied there; then it is opened as any queue is."""
    server, file, old = create_engine(empty), create_engine(f"sqlite:///{released}"), MetaData()
    old.reflect(file)
    with server.begin() as connection, file.connect() as source:
        migrate(connection, RELEASED[0].stem.removeprefix("v"))
        connection.execute(text("DELETE FROM audit_head"))
        connection.execute(text("SET session_replication_role = replica"))  # references to rows that come later
        for table in old.sorted_tables:
            kept = [dict(row._mapping) for row in source.execute(select(table))]
            if kept and table.name != "alembic_version":
                connection.execute(insert(table), kept)
    server.dispose()
    file.dispose()
    store = Store(empty)
    assert verify(store).problem is None
    with pytest.raises(DatabaseError, match="insert-only"):
        store.transact(lambda connection: connection.execute(text("TRUNCATE verdict CASCADE")))
    store.close()
