"""Five attacks on the chain and one behind it, each at random places: all found, the first bad event named."""

import random
import sqlite3
import time
from contextlib import closing

import pytest

from traceeval.review import Checkpoint, Store, verify
from traceeval.review.ledger import GENESIS, chain, digest

SLOTS = 20_000  # of a million claims
TIMES = [4, pytest.param(100, marks=pytest.mark.soak)]


@pytest.fixture(scope="module")
def reviewed():
    return {}


@pytest.fixture
def record(tmp_path, blank, kit, reviewed):
    """A reviewed queue as a file whose triggers are gone: what an attacker with the file in hand has."""
    path = tmp_path / "review.db"
    if not reviewed:
        path.write_bytes(blank)
        reviewed["file"] = review(path, kit)
    path.write_bytes(reviewed["file"])
    store = Store(f"sqlite:///{path}", clock=kit.Clock())
    yield store, path
    store.close()


def review(path, kit):
    store = Store(f"sqlite:///{path}", clock=kit.Clock())
    kit.fill(store, *(kit.unit(n, k=1) for n in range(12)))
    for _ in range(12):
        kit.give(store, "ana")
    store.close()
    with closing(sqlite3.connect(path)) as raw, raw:
        for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            raw.execute(f"DROP TRIGGER {name}")
    return path.read_bytes()


def events(path):
    with closing(sqlite3.connect(path)) as raw:
        return raw.execute("SELECT seq, body, prev, hash FROM audit_event ORDER BY seq").fetchall()


def write(path, rows):
    """Put the chain back as the attacker wants it, its head too."""
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.execute("DELETE FROM audit_event")
        raw.executemany("INSERT INTO audit_event (seq, body, prev, hash) VALUES (?, ?, ?, ?)", rows)
        last = max(rows, default=(0, "", "", GENESIS))
        raw.execute("UPDATE audit_head SET seq = ?, hash = ?", (last[0], last[3]))


def edit(rows, at, rng):
    seq, body, prev, link = rows[at]
    rows[at] = (seq, body.replace('"at":1', '"at":2'), prev, link)
    return seq


def delete(rows, at, rng):
    return rows.pop(at)[0]


def swap(rows, at, rng):
    other = rng.choice([n for n in range(len(rows)) if n != at])
    (first, *one), (second, *two) = rows[at], rows[other]
    rows[at], rows[other] = (first, *two), (second, *one)
    return min(first, second)


def truncate(rows, at, rng):
    seq = rows[at][0]
    del rows[at:]
    return seq


def edit_and_recompute(rows, at, rng):
    seq, prev = edit(rows, at, rng), rows[at][2]
    for number in range(at, len(rows)):
        rows[number] = (rows[number][0], rows[number][1], prev, chain(prev, rows[number][1]))
        prev = rows[number][3]
    return seq


BY_CHAIN, BY_CHECKPOINT = (edit, delete, swap), (truncate, edit_and_recompute)


@pytest.mark.parametrize("times", TIMES)
@pytest.mark.parametrize("attack", BY_CHAIN + BY_CHECKPOINT, ids=lambda attack: attack.__name__)
def test_an_attack_on_the_chain_is_found_and_its_first_event_named(record, attack, times):
    store, path = record
    whole, rng = events(path), random.Random(16)
    every = [Checkpoint(seq, link) for seq, _, _, link in whole]
    for _ in range(times):
        rows = list(whole)
        at = rng.randrange(len(rows) - (attack is delete))  # the last one deleted is a cut tail
        bad = attack(rows, at, rng)
        write(path, rows)
        assert verify(store, *every).bad_seq == bad
        assert (verify(store).problem is None) == (attack is edit_and_recompute)


def test_a_cut_before_every_row_it_covers_shows_in_the_rows_too(record):
    store, path = record
    write(path, events(path)[:-1])
    assert "has no event" in verify(store).problem


@pytest.mark.parametrize("times", TIMES)
def test_a_row_changed_behind_the_chain_names_the_event_of_that_row(record, times):
    store, path = record
    rng = random.Random(17)
    for _ in range(times):
        table, number = rng.choice(("verdict", "decision")), rng.randrange(1, 13)
        with closing(sqlite3.connect(path)) as raw, raw:
            raw.execute(f"UPDATE {table} SET at = at + 1 WHERE id = ?", (number,))
        about = f'"object":"{table}:{number}"'
        assert verify(store).bad_seq == next(seq for seq, body, *_ in events(path) if about in body)
        with closing(sqlite3.connect(path)) as raw, raw:
            raw.execute(f"UPDATE {table} SET at = at - 1 WHERE id = ?", (number,))
    assert verify(store).problem is None


def test_the_earliest_of_several_changes_is_named(record):
    store, path = record
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.execute("UPDATE decision SET at = at + 1 WHERE id = 2")
        raw.execute("UPDATE verdict SET at = at + 1 WHERE id = 9")
    assert verify(store).problem == "decision:2 was changed after it was written"


@pytest.mark.soak
def test_a_million_events_are_verified(tmp_path, blank, figure):
    path = tmp_path / "review.db"
    path.write_bytes(blank)
    rows, prev = [], GENESIS
    for seq in range(1, 1_000_001):
        slot, fence = seq % SLOTS + 1, (seq - 1) // SLOTS + 1
        body = (
            f'{{"action":"claim","actor":"reviewer:{seq % 64}","at":{seq}.5,"digest":"{digest([slot, fence])}",'
            f'"object":"slot:{slot}","seq":{seq}}}'
        )
        link = chain(prev, body)
        rows.append((seq, body, prev, link))
        prev = link
    write(path, rows)
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.executemany(
            "INSERT INTO slot (id, item_id, queue_id, rank, subject_sha256, n, kind, opened, state, fence, swapped)"
            " VALUES (?, ?, 1, 0, '', 1, 'review', 'draw', 'open', ?, 0)",
            [(slot, slot, 1_000_000 // SLOTS) for slot in range(1, SLOTS + 1)],
        )
    store = Store(f"sqlite:///{path}")
    start, busy = time.monotonic(), time.process_time()
    found = verify(store, Checkpoint(1_000_000, prev))
    took, worked = time.monotonic() - start, time.process_time() - busy
    store.close()
    assert (found.events, found.complete) == (1_000_000, True)
    figure("16 tamper", f"10⁶ events verified in {took:.1f} s, {worked:.1f} s of them at work (at most 30)")
    assert worked <= 30  # what others do on the machine meanwhile is theirs
