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

from sqlalchemy import Connection, Row, and_, bindparam, delete, exists, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from traceeval.errors import KeyReused, LeaseLost, Refused, Withdrawn
from traceeval.model import Rubric
from traceeval.review import ledger, schema
from traceeval.review._eligible import block_if_stuck
from traceeval.review._rows import FINAL, insert_row, item_row, person, queue_of, setting, shown, slot_row
from traceeval.review._words import keep, salt_of, salted
from traceeval.review.drift import watch
from traceeval.review.gold import assess
from traceeval.review.pairs import inconsistent, names_itself, unswapped
from traceeval.review.queue import mine
from traceeval.review.rubric import rubric_for
from traceeval.review.settle import settle
from traceeval.review.steps import PROVISIONAL, marked_alone, step_of
from traceeval.review.store import Store
from traceeval.review.submission import Submission, validate

_BY_KEY = select(schema.verdict).where(
    schema.verdict.c.reviewer_id == bindparam("me"), schema.verdict.c.idem_key == bindparam("key")
)
_DRAFTS = delete(schema.draft).where(
    schema.draft.c.slot_id.in_(select(schema.slot.c.id).where(schema.slot.c.item_id == bindparam("of_item"))),
    schema.draft.c.reviewer_id == bindparam("me"),
)
ROUNDS = {"review": "live", "adjudicate": "adjudication", "gold": "gold", "calibration": "calibration"}


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
    late = _take(connection, slot, me, fence, now)
    queue = queue_of(connection, slot)
    rubric, rubric_sha = rubric_for(connection, queue, item)
    facts = _checked(connection, slot, queue, said, rubric)
    if slot.kind == "adjudicate" and blind_step(connection, slot_id, me) is None:
        raise Refused(f"slot {slot_id}: judge the trace alone first (provisional), then decide")
    owner, text, salt = keep(connection, said.words())
    stored = insert_row(
        connection,
        schema.verdict,
        uuid=owner,
        slot_id=slot_id,
        reviewer_id=me,
        item_id=item.id,
        round=ROUNDS[slot.kind],
        rubric_sha256=rubric_sha,
        body=_body(connection, slot, queue, me, said),
        text_sha256=text,
        active_ms=said.active_ms,
        fence=fence,
        late=late,
        idem_key=_keyed(key),
        request_sha256=salted(salt, request),
        at=now,
        replaces=_replaced(connection, slot),
        **facts,
    )
    ledger.append(connection, now, me, "submit", f"verdict:{stored.id}", ledger.row_digest(stored))
    connection.execute(_DRAFTS, {"of_item": item.id, "me": me})
    return Receipt(stored.uuid, _next(connection, slot, item, queue, rubric, me, now), late)


def _next(
    connection: Connection, slot: Row[Any], item: Row[Any], queue: Row[Any], rubric: Rubric, me: int, now: float
) -> str:
    """Where the item stands after a verdict. Gold and calibration settle nothing, and look as if they might."""
    if slot.kind in ("gold", "calibration"):
        if slot.kind == "gold":
            assess(connection, slot, queue, rubric, me, now)
        return "resolved" if queue.k == 1 else "in_review"
    state = settle(connection, item, queue, rubric, now)
    watch(connection, queue, me, now)
    if state not in FINAL and block_if_stuck(connection, queue, item.id, now):
        return "blocked"
    return state


def _body(connection: Connection, slot: Row[Any], queue: Row[Any], me: int, said: Submission) -> dict[str, Any]:
    """What history keeps: of a pair in its stored order, of a protocol with the marks given before."""
    body = unswapped(said.body(), slot.swapped)
    if queue.mode != "protocol":
        return body
    alone = marked_alone(connection, slot.id, me)
    alone["flags"] = sorted({*alone["flags"], *body["flags"]})
    alone["evidence"] += [span for span in body["evidence"] if span not in alone["evidence"]]
    alone["escalate"] = alone["escalate"] or body["escalate"]
    against = inconsistent(alone["marks"], body["preference"])
    return {**body, **alone, **({"inconsistent": True} if against else {})}


def _replaced(connection: Connection, slot: Row[Any]) -> int | None:
    """The verdict that was set aside for this slot: the latest of its item that nothing replaces yet."""
    if slot.opened != "void":
        return None
    table, void = schema.verdict, schema.slot.alias("void")
    later = select(table.c.replaces).where(table.c.replaces.is_not(None))
    aside = select(func.max(table.c.id)).join(void, void.c.id == table.c.slot_id)
    where = (table.c.item_id == slot.item_id, void.c.state == "void", table.c.id.not_in(later))
    return connection.execute(aside.where(*where)).scalar()


def _keyed(key: str) -> str:
    """A key as it is kept: clients may write anything in theirs, and the record is handed over."""
    return sha256(key.encode("utf-8", "surrogatepass")).hexdigest()


def _stored(connection: Connection, me: int, key: str, request: object) -> Row[Any] | None:
    """The verdict this key stored, if any; its words may have been erased, then the key alone speaks for it."""
    row = connection.execute(_BY_KEY, {"me": me, "key": _keyed(key)}).first()
    if row is None:
        return None
    salt = salt_of(connection, row.uuid)
    if salt is not None and row.request_sha256 != salted(salt, request):
        raise KeyReused(f"key {key!r} was used with another verdict; a changed mind needs a new slot, ask a lead")
    return row


def _checked(
    connection: Connection, slot: Row[Any], queue: Row[Any], said: Submission, rubric: Rubric
) -> dict[str, Any]:
    """What was shown, and how, once what was said of it holds."""
    view = shown(connection, slot.subject_sha256, swapped=slot.swapped)
    validate(said, rubric, view.spans, mode=queue.mode, decides=slot.kind == "adjudicate")
    presentation: dict[str, Any] = {"order": "single", "locale": rubric.locale, "judge_shown": False}
    if view.other is not None:
        order = {"order": "ba" if slot.swapped else "ab", "seed": str(setting(queue, "seed"))}
        presentation |= {**order, "names_itself": names_itself((view.trace, view.other))}
    return {
        "payload_sha256": view.payload_sha256,
        "redaction_version": view.redaction_version,
        "presentation": presentation,
    }


def _take(connection: Connection, slot: Row[Any], me: int, fence: int, now: float) -> bool:
    """Move the slot to submitted, if it is still mine; whether the lease had run out.

    Late is accepted until the slot is given back, and then while the fence stands, the slot is open, I was the last to
    hold it and took no other since.
    """
    done = {"state": "submitted", "lease_until": None}
    if connection.execute(mine(slot.id, me, fence).values(**done)).rowcount == 1:
        return bool((slot.lease_until or now) < now)  # nobody may have swept it yet
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
        "claim again, what you wrote is kept as a draft"
    )


def blind_step(connection: Connection, slot_id: int, reviewer_id: int) -> Row[Any] | None:
    """The blind provisional verdict this person gave on an adjudication, under whichever lease."""
    return step_of(connection, slot_id, reviewer_id, PROVISIONAL)


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
