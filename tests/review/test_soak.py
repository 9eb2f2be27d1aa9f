"""The queue's promises at length: many people, many items, many interleavings. Short here, long under ``make soak``."""

import importlib
import random
from collections import Counter

import pytest
from sqlalchemy import false, func, select

from traceeval.errors import KeyReused, LeaseLost
from traceeval.review import Lease, claim, schema, submit, verify

LONG = pytest.mark.soak


def sizes(short, long):
    return pytest.mark.parametrize("n", [short, pytest.param(long, marks=LONG)])


@sizes(6, 1000)
def test_whoever_overslept_is_told_and_the_next_one_stands(store, clock, kit, n, figure):
    """Check 5: A sleeps past the lease, B claims, both submit, in any order of claim, expiry and submit."""
    rng = random.Random(11)
    kit.fill(store, *(kit.unit(number, k=1) for number in range(n)))
    for _ in range(n):
        first = claim(store, "default", "ana")
        clock.now += kit.TTL + rng.choice([0.5, 1, 60, 3600])
        second = claim(store, "default", "ben")
        steps = [("ana", first), ("ben", second)]
        rng.shuffle(steps)
        outcome = {}
        for who, lease in steps:
            try:
                submit(store, lease.slot, who, lease.fence, kit.said(), f"{who}/{lease.slot}/{lease.fence}")
                outcome[who] = "stored"
            except LeaseLost:
                outcome[who] = "lost"
        assert outcome == {"ana": "lost", "ben": "stored"}
    with store.read() as connection:
        assert connection.execute(select(func.count()).select_from(schema.draft)).scalar_one() == n
    figure(
        "5 overslept",
        f"{kit.engine(store.url)}: {n:,} interleavings: the first told so with a draft, the second stored, each time",
    )


def jumping(store, clock, kit, n):
    """Four people claim while the server's clock jumps an hour either way; leases given while another's was live."""
    rng, held, doubled = random.Random(12), {}, 0
    kit.fill(store, *(kit.unit(number, k=1) for number in range(3)))
    for _ in range(n):
        clock.now += rng.choice([-3600, 3600, 1, 30])
        who = rng.choice(["ana", "ben", "cy", "dee"])
        lease = claim(store, "default", who)
        held = {slot: one for slot, one in held.items() if one.until >= clock.now}  # the others ran out, whatever comes
        if isinstance(lease, Lease):
            doubled += lease.slot in held and held[lease.slot].fence != lease.fence
            held[lease.slot] = lease
    assert verify(store).problem is None
    return doubled


@sizes(40, 500)
def test_a_clock_set_back_or_forth_never_doubles_a_lease(store, clock, kit, n, figure):
    """Check 6."""
    assert jumping(store, clock, kit, n) == 0
    figure("6 clock", f"{kit.engine(store.url)}: {n:,} jumps of up to an hour either way: 0 double leases")


def test_a_queue_that_gives_away_live_leases_is_found(store, clock, kit, monkeypatch):
    monkeypatch.setattr(
        importlib.import_module("traceeval.review.queue"), "_late", lambda slot, now: slot.c.state == "leased"
    )
    assert jumping(store, clock, kit, 20) > 0


def test_a_hundred_identical_submits_are_one_verdict_and_ninety_nine_replays(store, kit):
    """Check 7; and the same key with another body is refused."""
    kit.fill(store, kit.unit(1, k=1))
    lease, receipts = claim(store, "default", "ana"), []

    def same(number):
        receipts.append(submit(store, lease.slot, "ana", lease.fence, kit.said(), "key"))

    assert kit.together(50, same) == []
    assert kit.together(50, same) == []
    assert Counter(receipt.replayed for receipt in receipts) == {True: 99, False: 1}
    with pytest.raises(KeyReused):
        submit(store, lease.slot, "ana", lease.fence, kit.said(4, 5, 5, 5, 5), "key")


@sizes(4, 1000)
def test_two_last_submits_leave_no_item_in_review(store, kit, n, figure):
    """Check 8."""
    kit.fill(store, *(kit.unit(number) for number in range(n)), recheck_share=0.0)
    for _ in range(n):
        held = [(who, claim(store, "default", who)) for who in ("ana", "ben")]

        def last(number, held=held):
            who, lease = held[number]
            submit(store, lease.slot, who, lease.fence, kit.said(), f"{who}/{lease.slot}")

        assert kit.together(2, last) == []
    assert kit.items(store) == {"resolved": n}
    figure("8 last submits", f"{kit.engine(store.url)}: two at once on {n:,} items: 0 left in review")


@sizes(8, 10_000)
def test_two_tabs_of_a_person_never_hold_two_slots_of_a_subject(store, kit, n, figure):
    """Check 9: two people, two tabs each, two slots an item; whatever was taken goes back."""
    kit.fill(store, kit.unit(1), kit.unit(2), max_leases=3)
    slot = schema.slot
    for _ in range(n // 2):
        assert kit.together(4, lambda number: claim(store, "default", ("ana", "ben")[number % 2])) == []
        with store.read() as connection:
            held = select(slot.c.subject_sha256, slot.c.reviewer_id).where(slot.c.reviewer_id.is_not(None))
            pairs = connection.execute(held).all()
        assert len(set(pairs)) == len(pairs) > 0
        freed = slot.update().values(state="open", reviewer_id=None, lease_until=None)
        store.transact(lambda connection, freed=freed: connection.execute(freed))
    figure(
        "9 two tabs",
        f"{kit.engine(store.url)}: {2 * n:,} claims by two people with two tabs each: 0 subjects held twice",
    )


def busy(store, clock, kit, n):
    """Everybody judges four times, but for one who sleeps: Jain's index of submits, and whether the sleeper's item came back."""
    kit.fill(store, *(kit.unit(number, k=1) for number in range(4 * n)))
    slow = claim(store, "default", "slow")
    counts = Counter()
    for _ in range(4):
        for number in range(n):
            lease = claim(store, "default", f"p{number}")
            if isinstance(lease, Lease):
                submit(store, lease.slot, f"p{number}", lease.fence, kit.said(), f"{number}/{lease.slot}")
                counts[number] += 1
        clock.now += 60
    last = claim(store, "default", "p0")
    assert (last.leased, last.open_for_others) == (1, 0)
    clock.now += kit.TTL
    back = claim(store, "default", "p1")
    return sum(counts.values()) ** 2 / (n * sum(one * one for one in counts.values())), isinstance(
        back, Lease
    ) and back.slot == slow.slot


@sizes(4, 64)
def test_everybody_gets_work_and_one_slow_person_holds_up_one_item(store, clock, kit, n, figure):
    """Check 12: Jain's index of submits at .9 or over; no open item waits for more than two leases' time."""
    jain, back = busy(store, clock, kit, n)
    assert jain >= 0.9
    assert back
    figure(
        "12 fairness",
        f"{kit.engine(store.url)}: {n} reviewers and a slow one: Jain's index {jain:.3f}, the slow one's item back after one lease's time",
    )


def test_a_queue_that_waits_for_ever_for_a_slow_person_is_found(store, clock, kit, monkeypatch):
    monkeypatch.setattr(importlib.import_module("traceeval.review.queue"), "_late", lambda slot, now: false())
    assert busy(store, clock, kit, 4)[1] is False


@sizes(16, 1000)
def test_a_trace_queued_many_times_at_once_is_one_item(store, kit, n, figure):
    """Check 13."""
    added = []
    for _ in range(max(n // 16, 1)):
        assert kit.together(min(n, 16), lambda number: added.append(kit.fill(store, kit.unit(1)))) == []
    assert sum(added) == 1
    assert kit.items(store) == {"queued": 1}
    figure("13 doubles", f"{kit.engine(store.url)}: one trace queued {n:,} times, 16 at once: 1 item")


@LONG
def test_ten_thousand_verdicts_of_the_first_release_come_along(tmp_path, kit):
    """Check 14: a queue grown to 10,000 verdicts, brought from the first schema to the present one, verifies."""
    import sqlite3
    from contextlib import closing
    from pathlib import Path

    from traceeval.review import Store

    path, released = tmp_path / "r.db", Path(__file__).with_name("released") / "v0001.sql"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executescript(released.read_text())
        grow(connection, 10_000)
        before = connection.execute("SELECT count(*), sum(length(body)) FROM verdict").fetchone()
    store = Store(f"sqlite:///{path}", clock=kit.Clock())
    assert verify(store).problem is None
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT count(*), sum(length(body)) FROM verdict").fetchone() == before
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert path.with_name("r.db.before-0003").exists()
    store.close()


def grow(connection, n):
    """More verdicts like the first, each with its slot, words and the events of both, as the first release wrote them."""
    import json

    from traceeval.review.ledger import canonical, chain, digest

    columns = [row[1] for row in connection.execute("PRAGMA table_info(verdict)")]
    one = dict(zip(columns, connection.execute("SELECT * FROM verdict WHERE id = 1").fetchone(), strict=True))
    salt, words = connection.execute("SELECT salt, body FROM free_text WHERE owner = ?", (one["uuid"],)).fetchone()
    seq, prev = connection.execute("SELECT seq, hash FROM audit_head").fetchone()
    slots = [row[1] for row in connection.execute("PRAGMA table_info(slot)")]
    slot = dict(zip(slots, connection.execute("SELECT * FROM slot WHERE id = 1").fetchone(), strict=True))
    for number in range(1000, 1000 + n):
        made = {**one, "id": number, "uuid": f"{number:036d}", "slot_id": number, "idem_key": f"k{number}"}
        seat = {**slot, "id": number, "n": number, "reviewer_id": None, "last_holder": None}
        connection.execute(f"INSERT INTO slot VALUES ({','.join('?' * len(slots))})", list(seat.values()))
        connection.execute(f"INSERT INTO verdict VALUES ({','.join('?' * len(columns))})", list(made.values()))
        connection.execute("INSERT INTO free_text VALUES (?, ?, ?)", (made["uuid"], salt, words))
        row = {
            **made,
            "body": json.loads(made["body"]),
            "presentation": json.loads(made["presentation"]),
            "late": False,
        }
        for action, about, content in (
            ("claim", f"slot:{number}", [number, slot["fence"]]),
            ("submit", f"verdict:{number}", row),
        ):
            seq += 1
            told = {"actor": "ana", "action": action, "object": about, "digest": digest(content)}
            body = canonical({"seq": seq, "at": 0.0, **told})
            link = chain(prev, body)
            connection.execute("INSERT INTO audit_event VALUES (?, ?, ?, ?)", (seq, body, prev, link))
            prev = link
    connection.execute("UPDATE audit_head SET seq = ?, hash = ?", (seq, prev))
