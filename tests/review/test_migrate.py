"""Opening a database: created whole, migrated whole, never downgraded, never somebody else's."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, event, inspect, select, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.schema import CreateTable

import traceeval.review
from traceeval.errors import ConfigError, NotFound, StoreFailed
from traceeval.review import Store, _migrate, claim, schema, submit, verify
from traceeval.review._migrate import HEAD, MIGRATIONS, migrate, upgrade
from traceeval.review._triggers import statements

NEXT = """
import sqlalchemy as sa
from alembic import op
revision, down_revision, branch_labels, depends_on = "0004", "0003", None, None
def upgrade():
    rebuilt = "always" if op.get_bind().dialect.name == "sqlite" else "auto"
    with op.batch_alter_table("verdict", recreate=rebuilt) as batch:
        batch.add_column(sa.Column("mood", sa.String(20)))
    {more}
def downgrade():
    raise RuntimeError
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path):
    """A database of its own: these tests change what others rely on."""
    return request.getfixturevalue("empty") if request.param == "postgresql" else f"sqlite:///{tmp_path / 'review.db'}"


@pytest.fixture
def later(tmp_path):
    """The migrations of a version to come: one that rebuilds a table of history."""

    def make(more="pass"):
        folder = tmp_path / "migrations"
        ignore = shutil.ignore_patterns("__pycache__")
        shutil.copytree(Path(traceeval.review.__file__).parent / "migrations", folder, ignore=ignore)
        (folder / "versions" / "v0004_next.py").write_text(NEXT.format(more=more))
        return str(folder)

    return make


def rows(store):
    with store.read() as connection:
        kept = [schema.verdict, schema.decision, schema.audit_event, schema.slot]
        return {table.name: [tuple(row) for row in connection.execute(select(table))] for table in kept}


def judged(store, kit, n=5):
    kit.fill(store, *(kit.unit(i, k=1) for i in range(n)))
    for _ in range(n):
        kit.give(store, "ana")


@pytest.fixture
def stepped(request, url, tmp_path):
    """A database brought to the present schema by the migrations, step by step; ``store`` is made at once."""
    other = request.getfixturevalue("empty_too") if url.startswith("postgresql") else f"sqlite:///{tmp_path / 'old.db'}"
    engine = create_engine(other)
    with engine.begin() as connection:
        migrate(connection)
    yield engine
    engine.dispose()


def test_the_newest_migration_is_the_schema_that_is_made_at_once():
    config = Config()
    config.set_main_option("script_location", MIGRATIONS)
    assert ScriptDirectory.from_config(config).get_current_head() == HEAD


def test_the_migrated_schema_is_the_present_one(stepped):
    with stepped.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, schema.meta) == []


def test_a_database_made_at_once_is_the_migrated_one(stepped, store):
    """Columns, indexes with their conditions, and the rows a queue begins with."""
    with store.read() as new, stepped.connect() as old:
        assert shape(new) == shape(old)
        for table in schema.meta.sorted_tables:
            assert [*new.execute(select(table))] == [*old.execute(select(table))]


def shape(connection):
    found = inspect(connection)
    indexes = {
        "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'index' ORDER BY name",
        "postgresql": "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY indexname",
    }
    columns = {
        name: {(one["name"], str(one["type"]), one["nullable"]) for one in found.get_columns(name)}
        for name in found.get_table_names()
    }
    return columns, [tuple(row) for row in connection.exec_driver_sql(indexes[connection.dialect.name])]


def test_the_migrated_tables_hold_the_same_guards(stepped):
    with stepped.connect() as connection:
        found = inspect(connection)
        for table in schema.meta.sorted_tables:
            checks = {check["sqltext"].replace(" ", "") for check in found.get_check_constraints(table.name)}
            assert len(checks) == str(CreateTable(table)).count("CHECK")
            unique = {tuple(one["column_names"]) for one in found.get_unique_constraints(table.name)}
            wanted = {tuple(c.name for c in one.columns) for one in table.constraints if "Unique" in type(one).__name__}
            wanted |= {(column.name,) for column in table.columns if column.unique}
            assert unique == wanted


def test_a_migration_keeps_rows_and_hashes_and_restores_the_triggers(store, kit, later):
    judged(store, kit)
    before = rows(store)
    upgrade(store._writer, store._reader, head="0004", location=later())
    after = rows(store)
    assert after == before
    with pytest.raises(DatabaseError, match="insert-only"):
        store.transact(lambda connection: connection.execute(text("UPDATE verdict SET mood = 'x'")))
    with store.read() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one() == "0004"


def test_warnings_of_items_become_warnings_of_what_they_show(request, url, tmp_path, kit):
    engine = create_engine(
        request.getfixturevalue("empty_too") if url.startswith("postgresql") else f"sqlite:///{tmp_path / 'old.db'}"
    )
    with engine.begin() as connection:
        migrate(connection, "0002")
        run = connection.exec_driver_sql
        run("INSERT INTO rubric (id, name, version, sha256, locale, body) VALUES (1, 'r', 1, 'd', 'en', '{}')")
        run(
            "INSERT INTO queue (id, name, rubric_id, mode, ttl_s, settings, created_at) VALUES (1, 'q', 1, 'single', 9, '{}', 0)"
        )
        for number, round_ in ((1, 1), (2, 2)):
            run(
                "INSERT INTO item (id, queue_id, subject_sha256, trace, family, round, stratum, rank, reasons, k, safety, "
                f"state, version) VALUES ({number}, 1, 'one', 't', 'f', {round_}, 'all', 0, '[]', 1, {number} > 2, 'queued', 1)"
            )
            run(f"INSERT INTO item_warning (item_id, category) VALUES ({number}, 'violence')")
        migrate(connection)
        assert connection.execute(select(schema.subject_warning.c["subject_sha256", "category"])).all() == [
            ("one", "violence")
        ]
    engine.dispose()


def test_an_existing_file_is_copied_before_it_is_migrated(tmp_path, kit, later):
    path = tmp_path / "r.db"
    store = Store(f"sqlite:///{path}")
    assert not list(tmp_path.glob("*.before-*"))
    judged(store, kit)
    before = rows(store)
    upgrade(store._writer, store._reader, head="0004", location=later())
    store.close()
    copy = Store(f"sqlite:///{path}.before-0004")
    assert rows(copy) == before
    assert verify(copy).problem is None
    copy.close()


def test_a_failed_migration_leaves_everything_as_it_was(store, kit, later):
    judged(store, kit)
    before = rows(store)
    with pytest.raises(DatabaseError):
        upgrade(store._writer, store._reader, head="0004", location=later('op.execute("SELECT * FROM nowhere")'))
    assert rows(store) == before
    assert verify(store).problem is None
    lease = claim(store, "default", "ben")
    assert not hasattr(lease, "slot")
    with store.read() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one() == "0003"
        assert "mood" not in {column["name"] for column in inspect(connection).get_columns("verdict")}


def test_a_newer_database_is_refused(store, kit, url, later):
    upgrade(store._writer, store._reader, head="0004", location=later())
    with pytest.raises(StoreFailed, match="newer than 0003: upgrade"):
        Store(url)


def test_opening_again_changes_nothing(store, kit, url):
    judged(store, kit)
    before = rows(store)
    again = Store(url)
    assert rows(again) == before
    again.close()


def test_all_triggers_are_there(tmp_path):
    path = tmp_path / "r.db"
    Store(f"sqlite:///{path}").close()
    with closing(sqlite3.connect(path)) as connection:
        triggers = connection.execute("SELECT count(*) FROM sqlite_master WHERE type = 'trigger'").fetchone()[0]
    assert triggers == len(list(statements("sqlite"))) == 2 * len(schema.INSERT_ONLY) + 1


def test_a_database_of_somebody_else_is_not_touched(tmp_path):
    path = tmp_path / "other.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE customers (id)")
    with pytest.raises(StoreFailed, match="other tables"):
        Store(f"sqlite:///{path}")
    engine = create_engine(f"sqlite:///{path}")
    assert inspect(engine).get_table_names() == ["customers"]
    engine.dispose()


def test_a_file_that_is_no_database_is_refused(tmp_path):
    path = tmp_path / "text.db"
    path.write_text("hello, I am no database at all\n" * 100)
    with pytest.raises(StoreFailed, match="cannot be opened"):
        Store(f"sqlite:///{path}")


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql://x/y", "no url"])
def test_a_queue_lives_in_a_file_or_on_postgresql(url):
    with pytest.raises(ConfigError, match="sqlite:///FILE"):
        Store(url)


def test_a_mistyped_file_is_not_created_when_only_read(tmp_path):
    with pytest.raises(NotFound, match="no such file"):
        Store(f"sqlite:///{tmp_path / 'typo.db'}", create=False)
    assert not list(tmp_path.iterdir())


def test_a_password_is_not_shown(tmp_path):
    with pytest.raises(StoreFailed) as refused:
        Store("postgresql+psycopg://u:SECRET@127.0.0.1:1/x?connect_timeout=1")
    assert "SECRET" not in str(refused.value)


def test_sqlite_is_durable_and_enforced(tmp_path):
    store = Store(f"sqlite:///{tmp_path / 'r.db'}")

    def settings(connection):
        names = ("journal_mode", "synchronous", "foreign_keys", "recursive_triggers", "busy_timeout")
        return [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in names]

    assert store.transact(settings) == ["wal", 2, 1, 1, 30000]
    store.close()


def test_a_full_disk_stores_nothing_and_says_so(tmp_path, kit):
    path = tmp_path / "r.db"
    store = Store(f"sqlite:///{path}", clock=kit.Clock())
    kit.fill(store, kit.unit(1))
    lease = claim(store, "default", "ana")
    pages = store.transact(lambda c: c.exec_driver_sql("PRAGMA page_count").scalar())
    store.transact(lambda c: c.exec_driver_sql(f"PRAGMA max_page_count={pages}"))
    long = kit.said(rationale="long " * 20_000)
    with pytest.raises(StoreFailed, match=r"not stored.*full"):
        submit(store, lease.slot, "ana", lease.fence, long, "k0")
    store.transact(lambda c: c.exec_driver_sql("PRAGMA max_page_count=100000"))
    assert not submit(store, lease.slot, "ana", lease.fence, kit.said(), "k0").replayed
    store.close()


@pytest.fixture
def file(tmp_path, blank, kit):
    """A queue in a file, for builds that are broken."""
    (tmp_path / "r.db").write_bytes(blank)
    made = Store(f"sqlite:///{tmp_path / 'r.db'}", clock=kit.Clock())
    yield made
    made.close()


def step_by_step(engine, whole=_migrate._migrator):
    """Every statement is a transaction of its own."""
    made = whole(engine)
    event.listen(made, "begin", lambda connection: connection.exec_driver_sql("COMMIT"))
    return made


def whatever(connection, head):
    """Any database but an old one is of this version."""
    found = MigrationContext.configure(connection).get_current_revision()
    return head if found is None or found > head else found


def test_migrations_that_lose_something_are_found(file, kit, later):
    def loses():
        return later('op.execute("UPDATE verdict SET fence = fence + 1")')

    with pytest.raises(AssertionError):
        test_a_migration_keeps_rows_and_hashes_and_restores_the_triggers(file, kit, loses)


def test_triggers_that_are_not_restored_are_found(file, kit, later, monkeypatch):
    monkeypatch.setattr(_migrate, "statements", lambda dialect: ())
    with pytest.raises(pytest.fail.Exception):
        test_a_migration_keeps_rows_and_hashes_and_restores_the_triggers(file, kit, later)


def test_a_migration_that_goes_step_by_step_is_found(file, kit, later, monkeypatch):
    monkeypatch.setattr(_migrate, "_migrator", step_by_step)
    with pytest.raises((AssertionError, StoreFailed)):
        test_a_failed_migration_leaves_everything_as_it_was(file, kit, later)


def test_a_migration_without_a_copy_is_found(tmp_path, kit, later, monkeypatch):
    monkeypatch.setattr(_migrate, "_backup", lambda engine, head: None)
    with pytest.raises(AssertionError):
        test_an_existing_file_is_copied_before_it_is_migrated(tmp_path, kit, later)


def test_a_build_that_takes_a_newer_database_for_its_own_is_found(file, kit, later, monkeypatch):
    monkeypatch.setattr(_migrate, "_revision", whatever)
    with pytest.raises(pytest.fail.Exception):
        test_a_newer_database_is_refused(file, kit, file.url, later)
