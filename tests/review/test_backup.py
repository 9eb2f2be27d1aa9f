"""A backup made under load, restored elsewhere: it verifies, and holds all that was acknowledged before it began."""

import shutil
import sqlite3
import subprocess
import threading
import uuid
from contextlib import closing

import pytest
from sqlalchemy import make_url, select

from traceeval.errors import NotFound, OutputExists, StoreFailed
from traceeval.review import Lease, Store, backup, claim, schema, submit, verify


@pytest.fixture
def busy(url, kit):
    """A queue that four people are working on; what they were told is stored, as it grows."""
    store, stop, told, lock = Store(url), threading.Event(), {}, threading.Lock()
    kit.fill(store, *(kit.unit(n, k=1) for n in range(400)))

    def work(who):
        while not stop.is_set() and isinstance(lease := claim(store, "default", who), Lease):
            receipt = submit(store, lease.slot, who, lease.fence, kit.said(), str(lease.slot))
            with lock:
                told[lease.slot] = receipt.verdict

    people = [threading.Thread(target=work, args=(f"p{number}",)) for number in range(4)]
    for one in people:
        one.start()
    yield store, told, lock
    stop.set()
    for one in people:
        one.join()
    store.close()


def acknowledged(told, lock, at_least):
    wait = threading.Event()
    while True:
        with lock:
            if len(told) >= at_least:
                return dict(told)
        wait.wait(0.005)


def stored(store):
    with store.read() as connection:
        return {row.slot_id: row.uuid for row in connection.execute(select(schema.verdict))}


def restored(made, server, folder):
    """The backup somewhere else, as its documentation says."""
    if made.verified is not None:
        (folder / "elsewhere").mkdir()
        return Store(f"sqlite:///{shutil.copy(made.path, folder / 'elsewhere' / 'review.db')}")
    address = make_url(server).set(drivername="postgresql").render_as_string(hide_password=False)
    subprocess.run(["pg_restore", "--no-owner", f"--dbname={address}", str(made.path)], check=True)
    return Store(server)


def test_a_backup_under_load_holds_all_that_was_acknowledged_before_it(busy, url, kit, tmp_path, request):
    _, told, lock = busy
    before = acknowledged(told, lock, 10)
    made = backup(url, tmp_path / "copy.db")
    if made.verified is None:
        with kit.database(request.getfixturevalue("server"), f"t{uuid.uuid4().hex[:12]}") as empty:
            check(restored(made, empty, tmp_path), before)
    else:
        assert made.verified.problem is None
        check(restored(made, None, tmp_path), before)


def check(copy, before):
    held = stored(copy)
    assert {slot: held.get(slot) for slot in before} == before
    assert verify(copy).problem is None
    assert not isinstance(claim(copy, "default", "p0"), Lease) or len(held) < 400
    copy.close()


def test_a_copy_of_the_file_alone_would_not_do(tmp_path, blank, kit):
    """The negative control: beside a live log, the file itself lacks what was acknowledged."""
    path = tmp_path / "review.db"
    path.write_bytes(blank)
    store = Store(f"sqlite:///{path}")
    kit.fill(store, kit.unit(1, k=1))
    kit.give(store, "ana")
    (tmp_path / "copy.db").write_bytes(path.read_bytes())
    made = backup(f"sqlite:///{path}", tmp_path / "backup.db")
    whole, naive = Store(f"sqlite:///{made.path}"), Store(f"sqlite:///{tmp_path / 'copy.db'}")
    assert (len(stored(whole)), len(stored(naive))) == (1, 0)
    for one in (store, whole, naive):
        one.close()


def test_a_backup_replaces_nothing(store, url, tmp_path):
    (tmp_path / "copy.db").write_text("mine")
    with pytest.raises(OutputExists, match="replaces nothing"):
        backup(url, tmp_path / "copy.db")
    assert (tmp_path / "copy.db").read_text() == "mine"


def test_what_is_not_there_is_not_backed_up(tmp_path):
    with pytest.raises(NotFound):
        backup(f"sqlite:///{tmp_path / 'none.db'}", tmp_path / "copy.db")


def test_a_folder_that_is_not_there_is_said(store, url, tmp_path):
    with pytest.raises(StoreFailed):
        backup(url, tmp_path / "none" / "copy.db")


def test_a_record_that_does_not_hold_is_no_backup(tmp_path, blank, kit):
    path = tmp_path / "review.db"
    path.write_bytes(blank)
    store = Store(f"sqlite:///{path}")
    kit.fill(store, kit.unit(1, k=1))
    kit.give(store, "ana")
    store.close()
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.execute("DROP TRIGGER verdict_no_update")
        raw.execute("UPDATE verdict SET late = 1")
    with pytest.raises(StoreFailed, match="does not hold"):
        backup(f"sqlite:///{path}", tmp_path / "copy.db")
