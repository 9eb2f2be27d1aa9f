"""The audit chain: every event carries the digest of the one before, and the digest of the row it speaks of."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Row, Table, insert, select, update

from traceeval.review import schema
from traceeval.review.store import Store

DOMAIN = "traceeval.audit.v1"
_WATCHED: Mapping[str, Table] = {"verdict": schema.verdict, "decision": schema.decision}


def canonical(value: object) -> str:
    """JSON with sorted keys and no spaces."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def digest(value: object) -> str:
    """SHA-256 of the canonical JSON."""
    return sha256(canonical(value).encode()).hexdigest()


def row_digest(row: Row[Any]) -> str:
    """Digest of a stored row, every column of it."""
    return digest(dict(row._mapping.items()))


def append(connection: Connection, at: float, actor: str, action: str, about: str, content: str) -> int:
    """Add an event in the caller's transaction; its sequence number. The head row is locked last, always."""
    locked = select(schema.audit_head).where(schema.audit_head.c.id == 1).with_for_update()
    head = connection.execute(locked).one()
    seq = head.seq + 1
    body = canonical({"seq": seq, "at": at, "actor": actor, "action": action, "object": about, "digest": content})
    link = chain(head.hash, body)
    connection.execute(insert(schema.audit_event).values(seq=seq, body=body, prev=head.hash, hash=link))
    connection.execute(update(schema.audit_head).where(schema.audit_head.c.id == 1).values(seq=seq, hash=link))
    return int(seq)


def chain(prev: str, body: str) -> str:
    """The hash of an event."""
    return sha256(f"{DOMAIN}\n{prev}\n{body}".encode()).hexdigest()


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


def verify(store: Store, checkpoint: Checkpoint | None = None) -> Verification:
    """Walk the chain, match rows and events both ways, and compare with a checkpoint where there is one."""
    with store.read() as connection:
        prev, seq = "0" * 64, 0
        told: dict[str, str] = {}
        seen_checkpoint = checkpoint is None or checkpoint.seq == 0
        for row in connection.execute(select(schema.audit_event).order_by(schema.audit_event.c.seq)):
            seq += 1
            if row.seq != seq:
                return Verification(seq - 1, prev, f"event {seq} is missing", seq)
            if row.prev != prev or row.hash != chain(prev, row.body):
                return Verification(seq - 1, prev, f"event {seq} was changed", seq)
            prev = row.hash
            body = json.loads(row.body)
            told[body["object"]] = body["digest"]
            if checkpoint is not None and seq == checkpoint.seq:
                if row.hash != checkpoint.hash:
                    return Verification(seq, prev, f"event {seq} differs from the checkpoint", seq)
                seen_checkpoint = True
        if not seen_checkpoint and checkpoint is not None:
            return Verification(seq, prev, f"the chain ends at {seq}, the checkpoint is at {checkpoint.seq}", seq + 1)
        head = connection.execute(select(schema.audit_head)).one()
        if (head.seq, head.hash) != (seq, prev):
            return Verification(seq, prev, "the head does not match the last event", seq)
        problem = next(_mismatches(connection, told), None)
    return Verification(seq, prev, problem, complete=checkpoint is not None and problem is None)


def _mismatches(connection: Connection, told: Mapping[str, str]) -> Iterator[str]:
    """Rows without an event or changed since, and events whose row is gone."""
    for name, table in _WATCHED.items():
        present = set()
        for row in connection.execute(select(table)):
            about = f"{name}:{row.id}"
            present.add(about)
            if about not in told:
                yield f"{about} has no event: it was added outside the queue"
            elif told[about] != row_digest(row):
                yield f"{about} was changed after it was written"
        for about in told:
            if about.startswith(f"{name}:") and about not in present:
                yield f"{about} is gone"


def checkpoint(store: Store) -> Checkpoint:
    """The present end of the chain, to be kept outside the database."""
    with store.write() as connection:
        head = connection.execute(select(schema.audit_head)).one()
        at = store.now(connection)
        connection.execute(insert(schema.audit_checkpoint).values(seq=head.seq, hash=head.hash, exported_at=at))
    return Checkpoint(head.seq, head.hash)
