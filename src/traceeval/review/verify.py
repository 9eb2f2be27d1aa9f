"""Whether the record holds: the chain from its first event, rows and events both ways, and what reviewers were shown.

Cutting off the tail, or editing and computing anew, leaves a consistent chain: only a checkpoint kept outside shows it.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from itertools import chain as chain_of
from itertools import groupby
from typing import Any

import msgspec
from sqlalchemy import Connection, select

from traceeval.review import schema
from traceeval.review._words import salted
from traceeval.review.checkpoints import Checkpoint
from traceeval.review.ledger import GENESIS, chain, digest, recorded
from traceeval.review.spoken import BATCH, Digest, Spoken, Told, digest_of, note, spoken, stream
from traceeval.review.standing import acted, contradictions
from traceeval.review.store import Store

_EVENT = (schema.audit_event.c.seq, schema.audit_event.c.body, schema.audit_event.c.prev, schema.audit_event.c.hash)
_NO_SEQ = 2**63  # after every event: what no event speaks of


class _Event(msgspec.Struct):
    """What the walk reads of an event."""

    action: str
    object: str
    digest: str


_DECODER = msgspec.json.Decoder(_Event)


@dataclass(frozen=True, slots=True)
class Verification:
    """Whether the record holds. ``problem`` names the first bad event or row; ``complete``: a checkpoint proved it."""

    events: int
    head: str
    problem: str | None = None
    bad_seq: int | None = None
    complete: bool = False


def verify(store: Store, *checkpoints: Checkpoint) -> Verification:
    """Walk the chain, compare it with every checkpoint there is, and match rows with events both ways."""
    points = {point.seq: point.hash for point in checkpoints}
    torn = next((point.seq for point in checkpoints if points[point.seq] != point.hash), None)
    if torn is not None:
        return Verification(0, GENESIS, f"two checkpoints contradict each other at event {torn}: one is forged", torn)
    with store.read() as connection:
        told: Told = {}
        found = _walk(connection, points, told)
        if found.problem is not None:
            return found
        seq, problem = min(_mismatches(connection, told), key=lambda one: one[0], default=(None, None))
    if problem is not None:
        return Verification(found.events, found.head, problem, None if seq == _NO_SEQ else seq)
    return Verification(found.events, found.head, complete=bool(points))


def _walk(connection: Connection, points: Mapping[int, str], told: Told) -> Verification:
    """The chain alone; fills ``told``."""
    prev, seq = GENESIS, 0
    for number, body, before, link in stream(connection, select(*_EVENT).order_by(schema.audit_event.c.seq)):
        problem = None
        if number != seq + 1:
            problem = f"event {seq + 1} is missing"
        elif before != prev or link != chain(prev, body):
            problem = f"event {number} was changed"
        elif number in points and points[number] != link:
            problem = f"event {number} differs from the checkpoint: the chain was computed anew"
        elif not _note(body, number, told):
            problem = f"event {number} is not readable"
        if problem is not None:
            return Verification(seq, prev, problem, seq + 1)
        prev, seq = link, number
    last = max(points, default=0)
    if last > seq:
        problem = f"the chain ends at event {seq}, a checkpoint is at {last}: its tail was cut off"
        return Verification(seq, prev, problem, seq + 1)
    head = connection.execute(select(schema.audit_head)).first()
    if head is None or (head.seq, head.hash) != (seq, prev):
        return Verification(seq, prev, f"the head does not match the last event {seq}", seq + 1)
    return Verification(seq, prev)


def _note(body: str, seq: int, told: Told) -> bool:
    """Keep what an event says of a row; whether it can be read."""
    try:
        event = _DECODER.decode(body)
    except (msgspec.DecodeError, UnicodeEncodeError):
        return False
    note(told, event.action, event.object, event.digest, seq)
    return True


def _mismatches(connection: Connection, told: Told) -> Iterator[tuple[int, str]]:
    """Rows without an event or changed since, and events whose row is gone; each with the event it contradicts."""
    for about, forms, needed in chain_of(spoken(connection, told), _batches(connection)):
        expected, seq = told.get(about, (None, _NO_SEQ))
        if expected is not None:
            if all(digest_of(form) != expected for form in forms):
                yield seq, f"{about} was changed after it was written"
            told[about] = ("", seq)
        elif needed:
            yield seq, f"{about} has no event: it was added outside the queue"
    yield from ((seq, f"{about} is gone") for about, (content, seq) in told.items() if content)
    for about, problem in chain_of(
        _words_changed(connection), _payloads_changed(connection), contradictions(connection)
    ):
        yield told.get(about, ("", _NO_SEQ))[1], problem


def _batches(connection: Connection) -> Iterator[Spoken]:
    unit = schema.selection_unit
    ordered = select(unit).order_by(unit.c.selection_run_id, unit.c.batch)
    for (run, batch), rows in groupby(stream(connection, ordered), key=lambda row: (row.selection_run_id, row.batch)):
        yield f"{BATCH}:{run}/{batch}", (Digest(batch_digest([dict(row._mapping) for row in rows])),), True


def batch_digest(rows: list[dict[str, Any]]) -> str:
    """Digest of units of a frame, whatever their order and their row ids."""
    kept = sorted(rows, key=lambda row: str(row["subject_sha256"]))
    return digest([{name: value for name, value in recorded(row).items() if name != "id"} for row in kept])


def _words_changed(connection: Connection) -> Iterator[tuple[str, str]]:
    """Words that do not match their salted digest, or are gone although nobody erased them."""
    erased = acted(connection, "erase")
    for table in (schema.verdict, schema.slot_step, schema.calibration_note):
        kept = select(table.c.id, table.c.uuid, table.c.text_sha256, schema.free_text.c.salt, schema.free_text.c.body)
        joined = kept.join_from(table, schema.free_text, schema.free_text.c.owner == table.c.uuid, isouter=True)
        for row in stream(connection, joined.order_by(table.c.id)):
            about = f"{table.name}:{row.id}"
            if row.salt is None:
                if f"words:{row.uuid}" not in erased:
                    yield about, f"the words of {about} are gone, and nobody erased them"
            elif salted(row.salt, row.body) != row.text_sha256:
                yield about, f"the words of {about} were changed after they were written"


def _payloads_changed(connection: Connection) -> Iterator[tuple[str, str]]:
    """Texts that are no longer what a verdict says its reviewer was shown, or are gone although nobody erased them."""
    verdict, slot, subject = schema.verdict, schema.slot, schema.subject
    seen = select(verdict.c.id, verdict.c.payload_sha256, slot.c.subject_sha256, subject.c.payload)
    joined = seen.join(slot, slot.c.id == verdict.c.slot_id, isouter=True)
    joined = joined.join(subject, subject.c.sha256 == slot.c.subject_sha256, isouter=True).order_by(verdict.c.id)
    erased = acted(connection, "erase")
    for row in stream(connection, joined):
        if row.payload is None:
            if f"subject:{row.subject_sha256}" not in erased:
                yield f"verdict:{row.id}", f"what verdict:{row.id} was given on is gone, and nobody erased it"
        elif _inflated_sha256(row.payload) != row.payload_sha256:
            yield f"verdict:{row.id}", f"what verdict:{row.id} was given on was changed"


def _inflated_sha256(payload: bytes) -> str | None:
    try:
        return sha256(zlib.decompress(payload)).hexdigest()
    except zlib.error:
        return None
