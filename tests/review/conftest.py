"""Stores, people and verdicts for the tests of the queue. PostgreSQL joins where it is installed or its URL is given."""

import os
import threading
import uuid
from contextlib import contextmanager
from functools import partial
from types import SimpleNamespace

import msgspec
import pytest
from sqlalchemy import create_engine, make_url, select, update

from traceeval.model import trace_hash
from traceeval.review import Lease, Store, Submission, Unit, claim, enqueue, provisional, schema, status, submit
from traceeval.review._rows import Settings, insert_new
from traceeval.review.rubric import store_rubric
from traceeval.review.starter import core
from traceeval.testing import model, trace, user
from traceeval.testing.postgres import binaries, private_postgres

CRITERIA = ("groundedness", "tool_use", "trajectory", "safety", "accuracy")
BAD = {"reasons": {"groundedness": "no source at all"}, "evidence": ("s1",)}
POSTGRES = "TRACEEVAL_TEST_POSTGRES"


class Clock:
    def __init__(self):
        self.now = 1_000_000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture(scope="session")
def blank(tmp_path_factory):
    """A migrated file with nothing in it: copied, not made anew, for every test."""
    path = tmp_path_factory.mktemp("blank") / "review.db"
    Store(f"sqlite:///{path}").close()
    return path.read_bytes()


@pytest.fixture(scope="session")
def server():
    """The URL of a PostgreSQL where databases may be made: the one that is named, or a private one started here."""
    named = os.environ.get(POSTGRES)
    if named:
        yield named
    elif binaries() is None:
        pytest.skip(f"no PostgreSQL: install it, or set {POSTGRES} to the URL of a server where databases may be made")
    else:
        with private_postgres() as started:
            yield started


@pytest.fixture
def empty(server):
    """A database on PostgreSQL that nobody migrated."""
    with database(server, f"t{uuid.uuid4().hex[:12]}") as made:
        yield made


empty_too = empty


@contextmanager
def database(server, name):
    """A database of its own, gone afterwards; yields its URL."""
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    yield make_url(server).set(database=name).render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
    admin.dispose()


@pytest.fixture(scope="session")
def migrated(server):
    """A migrated database that tests share, one after the other."""
    with database(server, f"t{uuid.uuid4().hex[:12]}") as url:
        Store(url).close()
        yield url


def emptied(url):
    """The same database as on its first day."""
    engine = create_engine(url)
    statements = [f"DELETE FROM {name}" for name in schema.meta.tables]
    keyed = [table.name for table in schema.meta.tables.values() if table.autoincrement_column is not None]
    statements += [f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), 1, false)" for name in keyed]
    with engine.begin() as connection:
        connection.exec_driver_sql("SET session_replication_role = replica")  # history refuses to be emptied
        connection.exec_driver_sql("; ".join(statements))
        connection.exec_driver_sql(f"INSERT INTO audit_head (id, seq, hash) VALUES (1, 0, '{'0' * 64}')")
    engine.dispose()
    return url


@pytest.fixture(params=["sqlite", "postgresql"])
def fresh(request, tmp_path, blank):
    """Makes a migrated database with nothing in it, as often as it is called, in the place of the last; its URL."""
    if request.param == "postgresql":
        return partial(emptied, request.getfixturevalue("migrated"))
    return partial(copied, blank, tmp_path / "review.db")


def copied(blank, path):
    """The same file as on its first day."""
    for beside in ("-wal", "-shm"):
        path.with_name(path.name + beside).unlink(missing_ok=True)
    path.write_bytes(blank)
    return f"sqlite:///{path}"


@pytest.fixture
def url(fresh):
    return fresh()


@pytest.fixture
def store(url, clock):
    made = Store(url, clock=clock)
    yield made
    made.close()


def engine(url):
    """The database's name in what is noted."""
    return "sqlite" if url.startswith("sqlite") else "postgres"


def together(count, work):
    """Run ``work(0..count-1)`` at once, all starting at the same moment; what went wrong."""
    errors, start = [], threading.Barrier(count)

    def guarded(number):
        start.wait()
        try:
            work(number)
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=guarded, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return errors


def unit(number=1, **fields):
    sample = trace(user(f"question {number}"), model(f"answer {number}"), id=f"t{number}", answer=f"answer {number}")
    values = {
        "trace": sample.id, "sha256": trace_hash(sample), "level": 0.9 - number / 10_000, "floor": 5, "pi": 1.0, "u": 0.0, "k": 2,
        "safety": False, "reasons": (("defects", "SECRET-REASON"),), "payload": msgspec.json.encode(sample),
    }  # fmt: skip
    return Unit(**{**values, **fields})


def fill(store, *units, frame="a" * 64, seed="quiet", queue="default", keep=None, **settings):
    """Under the seed ``quiet`` no agreement of the first twenty items is drawn for a recheck; nothing overlaps."""
    make_queue(store, queue, seed=seed)
    plan = {"seed": seed, "plan": {}, "keep": keep}
    added = enqueue(store, units, queue=queue, frame_sha256=frame, frame_size=len(units), **plan)
    if settings:
        configure(store, **settings)
    return added


def make_queue(store, name="default", *, rubric=None, mode="single", k=1, project="default", audience=None, **rules):
    """A queue without overlap, so that a test counts what it put there; made once, without a person or an event."""
    settings = msgspec.to_builtins(Settings(**{"overlap": 0.0, "seed": "quiet", "watch": False, **rules}))
    rules = {"mode": mode, "k": k, "project": project, "audience": audience, "settings": settings, "ttl_s": 20 * 60}

    def make(connection):
        known = connection.execute(select(schema.rubric.c.id).where(schema.rubric.c.name == (rubric or core()).id))
        rubric_id = known.scalar() or store_rubric(connection, rubric or core(), 0.0)
        row = {"name": name, "rubric_id": rubric_id, "created_at": store.now(connection), **rules}
        insert_new(connection, schema.queue, [row])

    store.transact(make)


def configure(store, **settings):
    table = schema.queue

    def change(connection):
        old = connection.execute(select(table.c.settings)).scalar_one()
        connection.execute(update(table).values(settings={**old, **settings}))

    store.transact(change)


def said(*marks, **fields):
    values = {"rationale": "because the trace shows it plainly", **fields}
    return Submission(marks=dict(zip(CRITERIA, marks or (5, 5, 5, 5, 5), strict=True)), **values)


def give(store, who, *marks, key=None, **fields):
    lease = claim(store, "default", who)
    assert isinstance(lease, Lease)
    return submit(store, lease.slot, who, lease.fence, said(*marks, **fields), key or f"{who}-{lease.slot}")


def settle_by(store, who, *marks, **fields):
    lease = claim(store, "default", who)
    assert lease.kind == "adjudicate"
    provisional(store, lease.slot, who, lease.fence, said())
    verdict = said(*marks, **{"cause": "ambiguous", **fields})
    return submit(store, lease.slot, who, lease.fence, verdict, f"{who}-{lease.slot}")


def items(store):
    return dict(status(store, "default").items)


@pytest.fixture
def kit():
    return SimpleNamespace(
        unit=unit, fill=fill, queue=make_queue, said=said, give=give, settle_by=settle_by, items=items, configure=configure, BAD=BAD,
        Clock=Clock, TTL=20 * 60, database=database, together=together, engine=engine,
    )  # fmt: skip
