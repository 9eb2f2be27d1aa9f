"""From a frame to a queue: a row for every unit with its inclusion probability, an item for every drawn one."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from importlib.metadata import version
from itertools import islice
from typing import Any

import msgspec
from sqlalchemy import Connection, Table, func, insert, select

from traceeval.errors import RedactionFailed
from traceeval.model import Trace, text_of
from traceeval.review import ledger, schema
from traceeval.review._rows import SETTINGS, TTL_S, insert_new, insert_row, slot_values
from traceeval.review.redact import redact, redact_id, redact_text, redaction_version
from traceeval.review.rubric import starter, store_rubric
from traceeval.review.store import Store
from traceeval.review.verify import batch_digest

BATCH = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """One trace of a frame. ``payload``: its canonical JSON, needed only when ``drawn``; ``reasons``: (rule, text).

    ``u``: its permanent random number; ``judge_score`` and ``signals`` are frozen at the draw, for estimates.
    """

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
    judge_score: float | None = None
    signals: Mapping[str, float] = field(default_factory=dict)

    @property
    def drawn(self) -> bool:
        """Whether a person will see it."""
        return self.u < self.pi


@dataclass(frozen=True, slots=True)
class _Subject:
    """What reviewers will see of a unit, redacted: the trace and why it was chosen; and its scenario family."""

    payload: bytes
    family: str
    reasons: list[list[str]]


def enqueue(
    store: Store,
    units: Iterable[Unit],
    *,
    queue: str,
    frame_sha256: str,
    frame_size: int,
    seed: str,
    plan: Mapping[str, Any],
    keep: Callable[[Mapping[str, bytes]], object] | None = None,
) -> int:
    """Add a frame, one transaction a batch; how many items are new. The same frame again adds nothing.

    ``frame_sha256`` names the frame whatever the order of its units. ``keep``: where originals of what is drawn go,
    by the hash of their subject, before the redacted ones may be seen; None keeps none.
    """
    frame = {"frame_sha256": frame_sha256, "frame_size": frame_size, "seed": seed, "plan": dict(plan)}

    def begin(connection: Connection) -> tuple[int, int]:
        queue_id = _queue(connection, queue, seed, store.now(connection))
        return queue_id, _run(connection, queue_id, frame, store.now(connection))

    queue_id, run_id = store.transact(begin)
    source, added = iter(units), 0
    while batch := list({unit.sha256: unit for unit in islice(source, BATCH)}.values()):
        if keep is not None:
            keep({unit.sha256: unit.payload or b"" for unit in batch if unit.drawn})
        subjects = {unit.sha256: _prepared(unit) for unit in batch if unit.drawn}
        added += store.transact(lambda c, batch=batch, ready=subjects: _add(c, store, queue_id, run_id, batch, ready))  # type: ignore[misc]
    return added


def _queue(connection: Connection, name: str, seed: str, now: float) -> int:
    table = schema.queue
    found = connection.execute(select(table.c.id).where(table.c.name == name)).scalar()
    if found is None:
        rubric, settings = store_rubric(connection, starter(), now), {**SETTINGS, "seed": seed}
        row = {"name": name, "rubric_id": rubric, "mode": "single", "ttl_s": TTL_S, "settings": settings}
        insert_new(connection, table, [{**row, "created_at": now}])
    return int(connection.execute(select(table.c.id).where(table.c.name == name)).scalar_one())


def _run(connection: Connection, queue_id: int, frame: dict[str, Any], now: float) -> int:
    table = schema.selection_run
    _lock_queue(connection, queue_id)
    same = (table.c.queue_id == queue_id, table.c.frame_sha256 == frame["frame_sha256"], table.c.seed == frame["seed"])
    found = connection.execute(select(table.c.id).where(*same)).scalar()
    if found is not None:
        return int(found)
    row = insert_row(connection, table, queue_id=queue_id, code_version=version("traceeval"), at=now, **frame)
    ledger.append(connection, now, "system", "select", f"selection_run:{row.id}", ledger.row_digest(row))
    return int(row.id)


def _lock_queue(connection: Connection, queue_id: int) -> None:
    """One enqueue a queue at a time; claims and submits do not wait for it."""
    found = select(schema.queue.c.id).where(schema.queue.c.id == queue_id)
    connection.execute(found.with_for_update(key_share=True))


def _prepared(unit: Unit) -> _Subject | None:
    """None: it could not be redacted, so it is blocked and never shown."""
    try:
        payload = redact(unit.payload or b"")
        trace = msgspec.json.decode(payload, type=Trace)
        reasons = [[rule, redact_text(text)] for rule, text in unit.reasons]
    except (RedactionFailed, msgspec.DecodeError):
        return None
    family = trace.scenario or " ".join((text_of(trace.question) or unit.sha256).lower().split())
    return _Subject(payload, sha256(family.encode()).hexdigest(), reasons)


def _add(
    connection: Connection,
    store: Store,
    queue_id: int,
    run_id: int,
    batch: list[Unit],
    ready: Mapping[str, _Subject | None],
) -> int:
    _lock_queue(connection, queue_id)
    item, now = schema.item, store.now(connection)
    _frame(connection, run_id, batch, now)
    known = _known(connection, item, item.c.queue_id == queue_id, list(ready))
    fresh = [unit for unit in batch if unit.drawn and unit.sha256 not in known]
    if not fresh:
        return 0
    insert_new(connection, schema.subject, list(_subjects(fresh, ready)))
    connection.execute(insert(item), [_item(unit, queue_id, ready[unit.sha256]) for unit in fresh])
    found = select(item.c.subject_sha256, item.c.id).where(
        item.c.queue_id == queue_id, item.c.subject_sha256.in_([unit.sha256 for unit in fresh])
    )
    ids = dict(connection.execute(found).all())
    slots = [
        slot_values(ids[unit.sha256], queue_id, work_order(unit), unit.sha256, n)
        for unit in fresh
        if ready[unit.sha256] is not None
        for n in range(1, unit.k + 1)
    ]
    if slots:
        connection.execute(insert(schema.slot), slots)
    content = ledger.digest(sorted(unit.sha256 for unit in fresh))
    ledger.append(connection, now, "system", "enqueue", f"selection_run:{run_id}", content)
    return len(fresh)


def _known(connection: Connection, table: Table, where: Any, subjects: list[str]) -> set[str]:
    found = select(table.c.subject_sha256).where(where, table.c.subject_sha256.in_(subjects))
    return set(connection.execute(found).scalars())


def _frame(connection: Connection, run_id: int, batch: list[Unit], now: float) -> None:
    """A row for every unit of the frame, drawn or not, and one event whose digest covers them."""
    table = schema.selection_unit
    known = _known(connection, table, table.c.selection_run_id == run_id, [unit.sha256 for unit in batch])
    last = connection.execute(select(func.max(table.c.batch)).where(table.c.selection_run_id == run_id)).scalar()
    number = (last or 0) + 1
    rows = [_unit(unit, run_id, number) for unit in batch if unit.sha256 not in known]
    if rows:
        connection.execute(insert(table), rows)
        ledger.append(connection, now, "system", "frame", f"selection_batch:{run_id}/{number}", batch_digest(rows))


def _unit(unit: Unit, run_id: int, batch: int) -> dict[str, Any]:
    return {
        "selection_run_id": run_id,
        "batch": batch,
        "subject_sha256": unit.sha256,
        "trace": _name(unit),
        "stratum": "all",
        "pi": float(unit.pi),
        "u": float(unit.u),
        "level": float(unit.level),
        "floor": unit.floor,
        "judge_score": unit.judge_score,
        "signals": dict(unit.signals),
        "drawn": unit.drawn,
    }


def _name(unit: Unit) -> str:
    """The trace's id as a column can hold it (PostgreSQL refuses NUL), and another where it identifies somebody."""
    try:
        return redact_id(unit.trace.replace("\0", "\ufffd"))[:500]
    except RedactionFailed:
        return f"[REDACTED id {unit.sha256[:12]}]"


def _subjects(units: list[Unit], ready: Mapping[str, _Subject | None]) -> Iterator[dict[str, Any]]:
    for unit in units:
        subject = ready[unit.sha256]
        if subject is not None:
            yield {
                "sha256": unit.sha256,
                "payload": zlib.compress(subject.payload, 6),
                "redaction_version": redaction_version(),
                "payload_sha256": sha256(subject.payload).hexdigest(),
            }


def work_order(unit: Unit) -> float:
    """Must-see first, by risk; the rest by ascending u/pi, so that any closed prefix is itself a sample."""
    return -1.0 - unit.floor - unit.level if unit.pi >= 1 else unit.u / unit.pi


def _item(unit: Unit, queue_id: int, subject: _Subject | None) -> dict[str, Any]:
    return {
        "queue_id": queue_id,
        "subject_sha256": unit.sha256,
        "trace": _name(unit),
        "family": subject.family if subject else unit.sha256,
        "round": 1,
        "stratum": "all",
        "rank": work_order(unit),
        "reasons": subject.reasons if subject else [[rule, ""] for rule, _ in unit.reasons],
        "k": unit.k,
        "safety": unit.safety,
        "state": "queued" if subject else "blocked",
        "version": 1,
        "cause": None if subject else "redaction_failed",
    }
