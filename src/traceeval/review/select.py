"""From a frame to a queue: a row for every unit with its inclusion probability, an item for every drawn one."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import version
from itertools import islice
from typing import Any

import msgspec
from sqlalchemy import Connection, insert, select

from traceeval.review import ledger, schema
from traceeval.review._rows import SETTINGS, TTL_S
from traceeval.review.redact import VERSION, redact
from traceeval.review.rubric import starter, store_rubric
from traceeval.review.store import Store, insert_new

BATCH = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """One trace of a frame. ``payload``: its canonical JSON, needed only when ``drawn``; ``reasons``: (rule, text)."""

    trace: str
    sha256: str
    level: float
    floor: int
    pi: float
    u: float
    k: int
    safety: bool
    reasons: tuple[tuple[str, str], ...]
    payload: bytes | None

    @property
    def drawn(self) -> bool:
        """Whether a person will see it."""
        return self.u < self.pi


def enqueue(
    store: Store,
    units: Iterable[Unit],
    *,
    queue: str,
    frame_sha256: str,
    frame_size: int,
    seed: str,
    plan: dict[str, Any],
) -> int:
    """Add a frame, one transaction a batch; how many items are new. The same frame again adds nothing.

    ``frame_sha256`` names the frame whatever the order of its units.
    """
    with store.write() as connection:
        queue_id = _queue(connection, queue, store.now(connection))
        run_id = _run(connection, store, queue_id, frame_sha256, frame_size, seed, plan)
    source, added = iter(units), 0
    while batch := list(islice(source, BATCH)):
        with store.write() as connection:
            added += _add(connection, store, queue_id, run_id, batch)
    return added


def _queue(connection: Connection, name: str, now: float) -> int:
    rubric = store_rubric(connection, starter(), now)
    insert_new(
        connection,
        schema.queue,
        [
            {
                "name": name,
                "rubric_id": rubric,
                "mode": "single",
                "ttl_s": TTL_S,
                "settings": dict(SETTINGS),
                "created_at": now,
            }
        ],
    )
    return int(connection.execute(select(schema.queue.c.id).where(schema.queue.c.name == name)).scalar_one())


def _run(
    connection: Connection,
    store: Store,
    queue_id: int,
    frame_sha256: str,
    frame_size: int,
    seed: str,
    plan: dict[str, Any],
) -> int:
    now = store.now(connection)
    new = insert_new(
        connection,
        schema.selection_run,
        [
            {
                "queue_id": queue_id,
                "frame_sha256": frame_sha256,
                "frame_size": frame_size,
                "seed": seed,
                "plan": plan,
                "code_version": version("traceeval"),
                "at": now,
            }
        ],
    )
    found = select(schema.selection_run.c.id).where(
        schema.selection_run.c.queue_id == queue_id,
        schema.selection_run.c.frame_sha256 == frame_sha256,
        schema.selection_run.c.seed == seed,
    )
    run_id = int(connection.execute(found).scalar_one())
    if new:
        content = ledger.digest([frame_sha256, frame_size, seed, plan])
        ledger.append(connection, now, "system", "select", f"selection_run:{run_id}", content)
    return run_id


def _add(connection: Connection, store: Store, queue_id: int, run_id: int, units: list[Unit]) -> int:
    insert_new(
        connection,
        schema.selection_unit,
        [
            {
                "selection_run_id": run_id,
                "subject_sha256": unit.sha256,
                "trace": unit.trace[:500],
                "stratum": "all",
                "pi": unit.pi,
                "u": unit.u,
                "level": unit.level,
                "floor": unit.floor,
                "drawn": unit.drawn,
            }
            for unit in units
        ],
    )
    drawn = {unit.sha256: unit for unit in units if unit.drawn}
    known = select(schema.item.c.subject_sha256).where(
        schema.item.c.queue_id == queue_id, schema.item.c.subject_sha256.in_(list(drawn))
    )
    fresh = [unit for sha, unit in drawn.items() if sha not in set(connection.execute(known).scalars())]
    if not fresh:
        return 0
    blocked = set(_store_subjects(connection, fresh))
    connection.execute(insert(schema.item), [_item(unit, queue_id, unit.sha256 in blocked) for unit in fresh])
    ids = dict(
        connection.execute(
            select(schema.item.c.subject_sha256, schema.item.c.id).where(
                schema.item.c.queue_id == queue_id, schema.item.c.subject_sha256.in_([unit.sha256 for unit in fresh])
            )
        )
        .tuples()
        .all()
    )
    slots = list(_slots(fresh, ids, queue_id, blocked))
    if slots:
        connection.execute(insert(schema.slot), slots)
    content = ledger.digest(sorted(unit.sha256 for unit in fresh))
    ledger.append(connection, store.now(connection), "system", "enqueue", f"selection_run:{run_id}", content)
    return len(fresh)


def _store_subjects(connection: Connection, units: list[Unit]) -> Iterator[str]:
    """Keep what reviewers will see; yields the subjects whose redaction failed: they are blocked, not shown."""
    rows = []
    failed = []
    for unit in units:
        try:
            payload = redact(unit.payload or b"")
        except msgspec.DecodeError:
            failed.append(unit.sha256)
            continue
        rows.append(
            {
                "sha256": unit.sha256,
                "payload": zlib.compress(payload, 6),
                "redaction_version": VERSION,
                "payload_sha256": sha256(payload).hexdigest(),
            }
        )
    insert_new(connection, schema.subject, rows)
    yield from failed


def work_order(unit: Unit) -> float:
    """Must-see first, by risk; the rest by ascending u/pi, so that any closed prefix is itself a sample."""
    return -1.0 - unit.floor - unit.level if unit.pi >= 1 else unit.u / unit.pi


def _item(unit: Unit, queue_id: int, blocked: bool) -> dict[str, Any]:
    return {
        "queue_id": queue_id,
        "subject_sha256": unit.sha256,
        "trace": unit.trace[:500],
        "round": 1,
        "stratum": "all",
        "lang": None,
        "rank": work_order(unit),
        "pi": unit.pi,
        "reasons": [list(reason) for reason in unit.reasons],
        "k": unit.k,
        "safety": unit.safety,
        "state": "blocked" if blocked else "queued",
        "version": 1,
        "cause": "redaction_failed" if blocked else None,
    }


def _slots(units: list[Unit], ids: dict[str, int], queue_id: int, blocked: set[str]) -> Iterator[dict[str, Any]]:
    for unit in units:
        if unit.sha256 not in blocked:
            for n in range(1, unit.k + 1):
                yield {
                    "item_id": ids[unit.sha256],
                    "queue_id": queue_id,
                    "rank": work_order(unit),
                    "n": n,
                    "subject_sha256": unit.sha256,
                    "kind": "review",
                    "state": "open",
                    "fence": 0,
                }
