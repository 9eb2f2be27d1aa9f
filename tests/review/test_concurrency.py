"""Many at once, and killed in the middle: no slot twice, no acknowledged verdict lost, no item left behind."""

import random
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from traceeval.errors import LeaseLost
from traceeval.review import Lease, Nothing, Store, claim, schema, status, submit, verify

WORKER = Path(__file__).with_name("_worker.py")


def test_eight_reviewers_finish_a_queue_without_losing_or_doubling_a_verdict(store, kit):
    kit.fill(store, *(kit.unit(n) for n in range(30)), recheck_share=0.0)
    stored = []

    def review(number):
        who = f"reviewer-{number}"
        for _ in range(200):
            lease = claim(store, "default", who)
            if isinstance(lease, Nothing):
                if not lease.open_for_others:
                    return
                continue
            receipt = submit(store, lease.slot, who, lease.fence, kit.said(), f"{who}-{lease.slot}")
            stored.append((lease.slot, receipt.verdict))

    assert not kit.together(8, review)
    assert len({slot for slot, _ in stored}) == len(stored) == 60
    assert kit.items(store) == {"resolved": 30}
    assert verify(store).problem is None
    with store.read() as connection:
        slot = schema.slot.c
        people = select(slot.subject_sha256).group_by(slot.subject_sha256, slot.reviewer_id).having(func.count() > 1)
        assert connection.execute(people).all() == []
        assert set(connection.execute(select(schema.verdict.c.uuid)).scalars()) == {name for _, name in stored}


def test_two_last_submits_at_once_leave_no_item_in_review(store, kit):
    kit.fill(store, *(kit.unit(n) for n in range(12)), recheck_share=0.0)
    for _ in range(12):
        held = [(who, claim(store, "default", who)) for who in ("ana", "ben")]

        def last(number, held=held):
            who, lease = held[number]
            submit(store, lease.slot, who, lease.fence, kit.said(), str(lease.slot))

        assert not kit.together(2, last)
    assert kit.items(store) == {"resolved": 12}


def test_forty_copies_of_one_submit_are_one_verdict(store, kit):
    kit.fill(store, kit.unit(1, k=1))
    lease = claim(store, "default", "ana")
    receipts = []
    assert not kit.together(
        40, lambda n: receipts.append(submit(store, lease.slot, "ana", lease.fence, kit.said(), "key"))
    )
    assert len({receipt.verdict for receipt in receipts}) == 1
    assert sum(not receipt.replayed for receipt in receipts) == 1


def test_holder_and_latecomer_at_once_store_one_verdict(store, clock, kit):
    kit.fill(store, *(kit.unit(n, k=1) for n in range(10)))
    for _ in range(10):
        first = claim(store, "default", "ana")
        clock.now += kit.TTL + 1
        second = claim(store, "default", "ben")
        held = [("ana", first), ("ben", second)]

        def race(number, held=held):
            who, lease = held[number]
            submit(store, lease.slot, who, lease.fence, kit.said(), f"{lease.slot}/{lease.fence}")

        errors = kit.together(2, race)
        assert [type(error) for error in errors] == [LeaseLost]
    assert kit.items(store) == {"resolved": 10}


def test_a_claim_never_waits_for_another(store, kit):
    if store.is_sqlite:
        pytest.skip("SQLite has one writer at a time")
    kit.fill(store, kit.unit(1), kit.unit(2))
    got = []
    with store._writer.begin() as other:
        other.execute(select(schema.slot.c.id).where(schema.slot.c.id == 1).with_for_update())
        other.execute(select(schema.item.c.id).where(schema.item.c.id == 1).with_for_update())
        one = threading.Thread(target=lambda: got.append(claim(store, "default", "ana")))
        one.start()
        one.join(timeout=10)
        assert got
        assert got[0].item == 2


def wait_for(seen, seconds=60):
    left = time.monotonic() + seconds
    while not seen() and time.monotonic() < left:
        time.sleep(0.005)
    assert seen()


def test_reviewers_killed_in_the_middle_lose_nothing_that_was_acknowledged(url, tmp_path, kit):
    store = Store(url)
    kit.fill(store, *(kit.unit(n) for n in range(60)), recheck_share=0.0)
    store.transact(lambda connection: connection.execute(update(schema.queue).values(ttl_s=1)))
    rng, notes = random.Random(3), tmp_path / "acknowledged"
    for round_ in range(3):
        people = [
            subprocess.Popen([sys.executable, str(WORKER), url, f"p{n}", f"{notes}.{round_}.{n}"]) for n in range(3)
        ]
        wait_for(lambda round_=round_: any(f.stat().st_size for f in tmp_path.glob(f"acknowledged.{round_}.*")))
        time.sleep(rng.uniform(0, 0.1))
        for one in people:
            one.kill()
            one.wait()
    told = dict(
        line.split()
        for file in tmp_path.glob("acknowledged.*")
        for line in file.read_text().splitlines()
        if " " in line
    )
    assert told
    left = time.monotonic() + 30
    while kit.items(store) != {"resolved": 60} and time.monotonic() < left:
        for who in ("p0", "p1", "q"):
            while isinstance(lease := claim(store, "default", who), Lease):
                submit(store, lease.slot, who, lease.fence, kit.said(), f"{lease.slot}/{lease.fence}")
    with store.read() as connection:
        stored = {str(row.slot_id): row.uuid for row in connection.execute(select(schema.verdict))}
    assert len(stored) == 120
    assert {slot: stored[slot] for slot in told} == told
    assert kit.items(store) == {"resolved": 60}
    assert verify(store).problem is None
    assert status(store, "default").slots == {"submitted": 120}
    store.close()


def test_the_first_requests_of_a_server_find_every_type_known(store, kit):
    """msgspec crashes when two threads meet a type that none knew before: a server must know its own when it starts."""
    kit.fill(store, kit.unit(1, k=1))
    program = Path(__file__).with_name("_first_use.py")
    done = subprocess.run([sys.executable, program, store.url], capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
