"""A claim in a large queue that is nearly done (review.md check 11): how its slot is found is tested, how fast is noted."""

import statistics
import time

import pytest
from sqlalchemy import text

from traceeval.review import claim, decline
from traceeval.review._rows import person, queue_row
from traceeval.review.queue import next_slot

SHORT, LONG = 300, 100_000


def plan(store):
    """How the database finds the next slot for somebody new."""

    def explain(connection):
        me = person(connection, "ben", 0.0)
        query = next_slot(queue_row(connection, "default"), me, store.now(connection), {"review"})
        asked = query.compile(connection, compile_kwargs={"literal_binds": True})
        word = "EXPLAIN QUERY PLAN" if store.is_sqlite else "EXPLAIN"
        return str(connection.exec_driver_sql(f"{word} {asked}").fetchall())

    return store.transact(explain)


@pytest.mark.parametrize("n", [SHORT, pytest.param(LONG, marks=pytest.mark.soak)])
def test_a_claim_finds_the_first_open_slot_of_a_queue_that_is_nine_tenths_done(store, kit, figure, n):
    kit.fill(store, *(kit.unit(number, k=1, level=0.9 - number / 1e7) for number in range(n)))
    done = n * 9 // 10
    for table, state in (("slot", "submitted"), ("item", "resolved")):
        store.transact(lambda c, t=table, s=state: c.execute(text(f"UPDATE {t} SET state = '{s}' WHERE id <= {done}")))
    took = []
    for number in range(min(n // 30, 400)):
        begin = time.perf_counter()
        lease = claim(store, "default", "ana")
        took.append(time.perf_counter() - begin)
        assert lease.slot == done + 1 + number
        decline(store, lease.slot, "ana", lease.fence, "expertise")
    if store.is_sqlite or n == LONG:  # PostgreSQL plans by statistics: a small table is read whole
        assert "slot_open" in plan(store)
    ms = [1000 * one for one in sorted(took)]
    p99 = ms[int(0.99 * (len(ms) - 1))]
    figure(
        "11 large queue",
        f"{kit.engine(store.url)}: {n:,} items, 90 % done: a claim takes {statistics.median(ms):.1f} ms, p99 {p99:.1f} ms",
    )
