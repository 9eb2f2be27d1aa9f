"""A disk that is full, or cannot be written: nothing is acknowledged that is not stored, and what was typed is kept."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import event, select
from tests.review._full_disk import swallows

from traceeval.errors import StoreFailed
from traceeval.review import Store, claim, schema, submit, verify

WORKER = Path(__file__).with_name("_full_disk.py")


@pytest.fixture
def queue(tmp_path, blank, kit):
    path = tmp_path / "review.db"
    path.write_bytes(blank)
    store = Store(f"sqlite:///{path}")
    kit.fill(store, *(kit.unit(n, k=1) for n in range(300)))
    store.close()
    return path


def filled_up(queue, fault="none"):
    """A limit on the size of files stands in for the disk: the log cannot grow past it."""
    limit = 3_000_000
    command = [sys.executable, str(WORKER), f"sqlite:///{queue}", str(limit), fault]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["stored"]
    assert told["refused"]
    assert set(told["errors"]) == {"StoreFailed"}
    store = Store(f"sqlite:///{queue}")
    with store.read() as connection:
        held = {row.uuid for row in connection.execute(select(schema.verdict))}
    assert set(told["stored"]) <= held
    assert len(held) <= len(told["stored"]) + 1
    assert verify(store).problem is None
    store.close()


def test_on_a_full_disk_every_acknowledged_verdict_is_stored_and_the_rest_is_refused(queue):
    filled_up(queue)


@pytest.mark.soak
def test_a_store_that_swallows_what_a_full_disk_says_is_found(queue):
    with pytest.raises(AssertionError):
        filled_up(queue, "swallows")


@pytest.mark.soak
@pytest.mark.parametrize(("call", "answer"), [("fdatasync", "EIO"), ("pwrite64", "EIO"), ("pwrite64", "ENOSPC")])
def test_a_disk_that_fails_now_and_then_refuses_and_the_same_key_stores_once(queue, tmp_path, call, answer, figure):
    refused = failing(queue, tmp_path, call, answer)
    figure(
        "3 disks", f"{call} answers {answer}: {refused} refused in words, 300 of 300 acknowledged verdicts stored once"
    )


@pytest.mark.soak
@pytest.mark.parametrize(("call", "fault"), [("fdatasync", "hurries"), ("pwrite64", "swallows")])
def test_a_store_that_does_not_wait_for_the_disk_or_swallows_what_it_says_is_found(queue, tmp_path, call, fault):
    with pytest.raises(AssertionError):
        failing(queue, tmp_path, call, "EIO", fault)


def failing(queue, tmp_path, call, answer, fault="none"):
    """The system call itself answers so, some hundred calls on, four times in a row; how often that was told."""
    if shutil.which("strace") is None:
        pytest.skip("no strace: install it")
    injected = ["-e", f"trace={call}", "-e", f"inject={call}:error={answer}:when=300..303"]
    traced = ["strace", "-f", "-qq", "-o", tmp_path / "trace", *injected]
    command = [*traced, sys.executable, WORKER, f"sqlite:///{queue}", "none", fault]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "trace").read_text().count("(INJECTED)") == 4
    told = json.loads(done.stdout)
    assert told["refused"]
    assert set(told["errors"]) == {"StoreFailed"}
    store = Store(f"sqlite:///{queue}")
    with store.read() as connection:
        held = [row.uuid for row in connection.execute(select(schema.verdict))]
    assert sorted(told["stored"]) == sorted(held)
    assert len(held) == 300
    assert verify(store).problem is None
    store.close()
    return told["refused"]


def read_only(store, word):
    """The one connection that writes, as if the file system had gone read-only."""
    raw = store._writer.raw_connection()
    raw.execute(f"PRAGMA query_only={word}")
    raw.close()


def refused_while_read_only(store, kit):
    lease = claim(store, "default", "ana")
    read_only(store, "ON")
    with pytest.raises(StoreFailed, match="repeat it with the same key"):
        submit(store, lease.slot, "ana", lease.fence, kit.said(), "k")
    read_only(store, "OFF")
    assert submit(store, lease.slot, "ana", lease.fence, kit.said(), "k").state == "resolved"


@pytest.fixture
def small(tmp_path, blank, kit):
    """A queue of one item in a file."""
    (tmp_path / "review.db").write_bytes(blank)
    store = Store(f"sqlite:///{tmp_path / 'review.db'}")
    kit.fill(store, kit.unit(1, k=1))
    yield store
    store.close()


def test_a_read_only_database_refuses_and_loses_nothing(small, kit):
    refused_while_read_only(small, kit)


def test_a_store_that_tells_a_read_only_database_as_stored_is_found(small, kit):
    swallows(small)
    with pytest.raises(pytest.fail.Exception):
        refused_while_read_only(small, kit)


def test_a_server_that_dies_in_between_refuses_and_the_same_key_stores_once(kit, request):
    """PostgreSQL: every connection is cut while a submit runs."""
    url = request.getfixturevalue("empty")
    store = Store(url)
    kit.fill(store, kit.unit(1, k=1))
    lease = claim(store, "default", "ana")
    cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    other = Store(url)

    def kill(*arguments):
        with other.read() as connection:
            connection.exec_driver_sql(cut)

    event.listen(store._writer, "commit", kill, once=True)
    with pytest.raises(StoreFailed):
        submit(store, lease.slot, "ana", lease.fence, kit.said(), "k")
    assert submit(store, lease.slot, "ana", lease.fence, kit.said(), "k").state == "resolved"
    with store.read() as connection:
        assert len(connection.execute(select(schema.verdict.c.id)).all()) == 1
    store.close()
    other.close()
