"""Whether the record holds: the chain from its first event, rows and events both ways, and what reviewers were shown.

Cutting off the tail, or editing and computing anew, leaves a consistent chain: only a checkpoint kept outside shows it.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Row, Select, Table, insert, select

from traceeval.review import schema
from traceeval.review._words import salted
from traceeval.review.ledger import chain, digest, recorded, row_digest
from traceeval.review.store import Store

_WATCHED: Mapping[str, Table] = {
    table.name: table for table in (schema.verdict, schema.decision, schema.slot_step, schema.lead_action)
}
_BATCH = "selection_batch"
_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class Verification:
    """Whether the record holds. ``problem`` names the first bad event or row; ``complete``: a checkpoint proved it."""

    events: int
    head: str
    problem: str | None = None
    bad_seq: int | None = None
    complete: bool = False


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A point of the chain that was kept outside the database."""

    seq: int
    hash: str


def checkpoint(store: Store) -> Checkpoint:
    """The present end of the chain, to be kept outside the database."""

    def take(connection: Connection) -> Checkpoint:
        head = connection.execute(select(schema.audit_head)).one()
        row = {"seq": head.seq, "hash": head.hash, "exported_at": store.now(connection)}
        connection.execute(insert(schema.audit_checkpoint).values(**row))
        return Checkpoint(head.seq, head.hash)

    return store.transact(take)


def verify(store: Store, checkpoint: Checkpoint | None = None) -> Verification:
    """Walk the chain, compare it with a checkpoint where there is one, and match rows with events both ways."""
    with store.read() as connection:
        told: dict[str, str] = {}
        found = _walk(connection, checkpoint, told)
        if found.problem is not None:
            return found
        problem = next(_mismatches(connection, told), None)
    return Verification(found.events, found.head, problem, complete=checkpoint is not None and problem is None)


def _walk(connection: Connection, checkpoint: Checkpoint | None, told: dict[str, str]) -> Verification:
    """The chain alone; fills ``told`` with the digest each watched row should have."""
    prev, seq = "0" * 64, 0
    for row in _stream(connection, select(schema.audit_event).order_by(schema.audit_event.c.seq)):
        problem = _broken(row, seq + 1, prev, checkpoint) or _note(row.body, told)
        if problem is not None:
            return Verification(seq, prev, problem, seq + 1)
        prev, seq = row.hash, seq + 1
    if checkpoint is not None and checkpoint.seq > seq:
        problem = f"the chain ends at event {seq}, the checkpoint is at {checkpoint.seq}: its tail was cut off"
        return Verification(seq, prev, problem, seq + 1)
    head = connection.execute(select(schema.audit_head)).first()
    if head is None or (head.seq, head.hash) != (seq, prev):
        return Verification(seq, prev, f"the head does not match the last event {seq}", seq + 1)
    return Verification(seq, prev)


def _broken(row: Row[Any], seq: int, prev: str, checkpoint: Checkpoint | None) -> str | None:
    if row.seq != seq:
        return f"event {seq} is missing"
    if row.prev != prev or row.hash != chain(prev, row.body):
        return f"event {seq} was changed"
    if checkpoint is not None and seq == checkpoint.seq and row.hash != checkpoint.hash:
        return f"event {seq} differs from the checkpoint: the chain was computed anew"
    return None


def _note(body: str, told: dict[str, str]) -> str | None:
    try:
        event = json.loads(body)
        kind, about, content = str(event["object"]).partition(":")[0], event["object"], event["digest"]
    except (ValueError, KeyError, TypeError):
        return "an event is not readable"
    if kind in _WATCHED or kind == _BATCH:
        told[about] = content
    return None


def _mismatches(connection: Connection, told: dict[str, str]) -> Iterator[str]:
    """Rows without an event or changed since, and events whose row is gone."""
    for about, content in _rows(connection):
        expected = told.pop(about, None)
        if expected is None:
            yield f"{about} has no event: it was added outside the queue"
        elif expected != content:
            yield f"{about} was changed after it was written"
    yield from (f"{about} is gone" for about in told)
    yield from _words_changed(connection)
    yield from _payloads_changed(connection)


def _rows(connection: Connection) -> Iterator[tuple[str, str]]:
    for name, table in _WATCHED.items():
        for row in _stream(connection, select(table).order_by(table.c.id)):
            yield f"{name}:{row.id}", row_digest(row)
    unit = schema.selection_unit
    ordered = select(unit).order_by(unit.c.selection_run_id, unit.c.batch)
    for (run, batch), rows in groupby(_stream(connection, ordered), key=lambda row: (row.selection_run_id, row.batch)):
        yield f"{_BATCH}:{run}/{batch}", batch_digest([dict(row._mapping) for row in rows])


def batch_digest(rows: list[dict[str, Any]]) -> str:
    """Digest of units of a frame, whatever their order and their row ids."""
    kept = sorted(rows, key=lambda row: str(row["subject_sha256"]))
    return digest([{name: value for name, value in recorded(row).items() if name != "id"} for row in kept])


def _words_changed(connection: Connection) -> Iterator[str]:
    """Words that do not match their salted digest, or are gone although nobody erased them."""
    erased = _erased(connection)
    for table in (schema.verdict, schema.slot_step):
        kept = select(table.c.id, table.c.uuid, table.c.text_sha256, schema.free_text.c.salt, schema.free_text.c.body)
        joined = kept.join_from(table, schema.free_text, schema.free_text.c.owner == table.c.uuid, isouter=True)
        for row in _stream(connection, joined.order_by(table.c.id)):
            if row.salt is None:
                if f"words:{row.uuid}" not in erased:
                    yield f"the words of {table.name}:{row.id} are gone, and nobody erased them"
            elif salted(row.salt, row.body) != row.text_sha256:
                yield f"the words of {table.name}:{row.id} were changed after they were written"


def _erased(connection: Connection) -> set[str]:
    table = schema.lead_action
    done = select(table.c.about).where(table.c.action == "erase", table.c.done)
    return set(connection.execute(done).scalars())


def _payloads_changed(connection: Connection) -> Iterator[str]:
    """Texts that are no longer what a verdict says its reviewer was shown."""
    verdict, slot, subject = schema.verdict, schema.slot, schema.subject
    seen = select(verdict.c.id, verdict.c.payload_sha256, subject.c.payload).join(slot, slot.c.id == verdict.c.slot_id)
    joined = seen.join(subject, subject.c.sha256 == slot.c.subject_sha256).order_by(verdict.c.id)
    for row in _stream(connection, joined):
        if _inflated_sha256(row.payload) != row.payload_sha256:
            yield f"what verdict:{row.id} was given on was changed"


def _inflated_sha256(payload: bytes) -> str | None:
    try:
        return sha256(zlib.decompress(payload)).hexdigest()
    except zlib.error:
        return None


def _stream(connection: Connection, statement: Select[Any]) -> Iterator[Row[Any]]:
    """Rows a few at a time; a server-side cursor is given back when the walk stops early."""
    with connection.execute(statement, execution_options={"yield_per": _AT_ONCE}) as rows:
        yield from rows
