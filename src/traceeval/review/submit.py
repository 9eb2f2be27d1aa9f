"""A verdict: fenced, idempotent, settled and recorded in one transaction (review.md section 5).

The order is part of the promise: item locked, then the key looked up, then the fenced update. Looked up before the
lock, parallel repeats of a committed submit would be told that they lost the lease; without the lock, two last
submits would each see the other unfinished and leave the item in review for ever.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Row, and_, delete, exists, insert, select, update
from sqlalchemy.exc import IntegrityError

from traceeval.errors import KeyReused, LeaseLost, Refused, Withdrawn
from traceeval.model import Rubric
from traceeval.review import ledger, schema
from traceeval.review._eligible import block_if_stuck
from traceeval.review._rows import FINAL, insert_row, item_row, person, queue_of, shown, slot_row
from traceeval.review._words import keep, salt_of, salted
from traceeval.review.queue import mine
from traceeval.review.rubric import rubric_of
from traceeval.review.settle import settle
from traceeval.review.store import Store
from traceeval.review.submission import Submission, validate


@dataclass(frozen=True, slots=True)
class Receipt:
    """A stored verdict, and where its item stands now. ``replayed``: the same submission had been stored before."""

    verdict: str
    state: str
    late: bool = False
    replayed: bool = False


def submit(store: Store, slot: int, handle: str, fence: int, said: Submission, key: str) -> Receipt:
    """Store a verdict and settle its item; the same key and verdict again returns the first receipt.

    Raises:
        Refused: something required is missing, or the item was withdrawn; nothing is stored.
        LeaseLost: the slot was given back or taken; what was said is kept as a draft.
        KeyReused: the key was used with another verdict.
    """
    try:
        return store.transact(partial(_submit, store, slot, handle, fence, said, key))
    except LeaseLost:
        save_draft(store, slot, handle, fence, {**said.body(), **said.words()})
        raise
    except IntegrityError as error:  # UNIQUE(reviewer, key): the same key for two slots at once
        raise KeyReused(f"key {key!r} is in use for another verdict; use a new key") from error


def _submit(
    store: Store, slot_id: int, handle: str, fence: int, said: Submission, key: str, connection: Connection
) -> Receipt:
    now = store.now(connection)
    me = person(connection, handle, now).id
    slot = slot_row(connection, slot_id)
    item = item_row(connection, slot.item_id, lock=True)
    request = [slot_id, fence, said.body(), said.words()]
    before = _stored(connection, me, key, request)
    if before is not None:
        return Receipt(before.uuid, item.state, before.late, replayed=True)
    if item.state == "withdrawn":
        raise Withdrawn(f"item {item.id} was withdrawn; claim another")
    late = _take(connection, slot, me, fence)
    queue = queue_of(connection, slot)
    rubric, rubric_sha = rubric_of(connection, queue)
    adjudicates = slot.kind == "adjudicate"
    facts = _checked(connection, slot, said, rubric, adjudicates)
    if adjudicates and blind_step(connection, slot_id, me) is None:
        raise Refused(f"slot {slot_id}: judge the trace alone first (provisional), then decide")
    owner, text = keep(connection, said.words())
    stored = insert_row(
        connection,
        schema.verdict,
        uuid=owner,
        slot_id=slot_id,
        reviewer_id=me,
        item_id=item.id,
        round="adjudication" if adjudicates else "live",
        rubric_sha256=rubric_sha,
        body=said.body(),
        text_sha256=text,
        active_ms=said.active_ms,
        fence=fence,
        late=late,
        idem_key=_keyed(key),
        request_sha256=salted(salt_of(connection, owner) or "", request),
        at=now,
        **facts,
    )
    ledger.append(connection, now, handle, "submit", f"verdict:{stored.id}", ledger.row_digest(stored))
    connection.execute(delete(schema.draft).where(schema.draft.c.slot_id == slot_id, schema.draft.c.reviewer_id == me))
    state = settle(connection, item, queue, rubric, now)
    if state not in FINAL and block_if_stuck(connection, queue, item.id, now):
        state = "blocked"
    return Receipt(stored.uuid, state, late)


def _keyed(key: str) -> str:
    """A key as it is kept: clients may write anything in theirs, and the record is handed over."""
    return sha256(key.encode("utf-8", "surrogatepass")).hexdigest()


def _stored(connection: Connection, me: int, key: str, request: object) -> Row[Any] | None:
    """The verdict this key stored, if any; its words may have been erased, then the key alone speaks for it."""
    found = and_(schema.verdict.c.reviewer_id == me, schema.verdict.c.idem_key == _keyed(key))
    row = connection.execute(select(schema.verdict).where(found)).first()
    if row is None:
        return None
    salt = salt_of(connection, row.uuid)
    if salt is not None and row.request_sha256 != salted(salt, request):
        raise KeyReused(f"key {key!r} was used with another verdict; a changed mind needs a new slot, ask a lead")
    return row


def _checked(connection: Connection, slot: Row[Any], said: Submission, rubric: Rubric, decides: bool) -> dict[str, Any]:
    """What was shown, once what was said of it holds."""
    view = shown(connection, slot.subject_sha256)
    validate(said, rubric, {span.id for span in view.trace.spans}, decides=decides)
    return {
        "payload_sha256": view.payload_sha256,
        "redaction_version": view.redaction_version,
        "presentation": {"order": "single", "locale": rubric.locale, "judge_shown": False},
    }


def _take(connection: Connection, slot: Row[Any], me: int, fence: int) -> bool:
    """Move the slot to submitted, if it is still mine; whether the lease had run out.

    Late is accepted while the fence stands, the slot is open, I was the last to hold it and took no other since.
    """
    done = {"state": "submitted", "lease_until": None}
    if connection.execute(mine(slot.id, me, fence).values(**done)).rowcount == 1:
        return False
    table, other = schema.slot, schema.slot.alias("other")
    late = update(table).where(
        table.c.id == slot.id,
        table.c.fence == fence,
        table.c.state == "open",
        table.c.last_holder == me,
        ~exists().where(other.c.item_id == slot.item_id, other.c.reviewer_id == me),
    )
    if connection.execute(late.values(**done, reviewer_id=me)).rowcount == 1:
        return True
    raise LeaseLost(
        f"slot {slot.id} is no longer yours: it was given back, submitted or taken by somebody else; "
        "claim again, what you wrote is kept (`traceeval review list`)"
    )


def blind_step(connection: Connection, slot_id: int, reviewer_id: int) -> Row[Any] | None:
    """The blind provisional verdict this person gave on an adjudication, under whichever lease."""
    step = schema.slot_step
    mine_ = and_(step.c.slot_id == slot_id, step.c.reviewer_id == reviewer_id, step.c.n == 1)
    return connection.execute(select(step).where(mine_)).first()


def save_draft(store: Store, slot: int, handle: str, fence: int, body: dict[str, Any]) -> None:
    """Keep what was written so far; it outlives the lease, and goes when the verdict is stored."""

    def save(connection: Connection) -> None:
        now = store.now(connection)
        me = person(connection, handle, now).id
        slot_row(connection, slot)
        table = schema.draft
        known = and_(table.c.slot_id == slot, table.c.reviewer_id == me)
        values = {"fence": fence, "body": body, "at": now}
        if connection.execute(update(table).where(known).values(**values)).rowcount == 0:
            connection.execute(insert(table).values(slot_id=slot, reviewer_id=me, **values))

    store.transact(save)
