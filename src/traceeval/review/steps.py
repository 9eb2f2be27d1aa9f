"""The protocol: each response is marked alone, then both stand side by side, and what was marked stays as it is.

Step rows are insert-only. A later doubt goes into ``revised_marks`` of the verdict, beside the marks it doubts.
"""

from __future__ import annotations

from functools import partial
from typing import Any, Literal

from sqlalchemy import Connection, Row, and_, select

from traceeval.errors import LeaseLost, Refused
from traceeval.review import ledger, schema
from traceeval.review._rows import insert_row, item_row, person, queue_of, shown, slot_row
from traceeval.review._words import keep, salt_of, salted
from traceeval.review.pairs import SIDES, unswapped
from traceeval.review.rubric import rubric_for
from traceeval.review.store import Store
from traceeval.review.submission import Submission, validate

Side = Literal["a", "b"]
Stage = Literal["alone_a", "alone_b", "judge", "decide"]
PROVISIONAL, ALONE = 1, {"a": 2, "b": 3}


def step_of(connection: Connection, slot_id: int, reviewer_id: int, n: int) -> Row[Any] | None:
    """A step this person saved on a slot, under whichever lease."""
    step = schema.slot_step
    mine = and_(step.c.slot_id == slot_id, step.c.reviewer_id == reviewer_id, step.c.n == n)
    return connection.execute(select(step).where(mine)).first()


def stage_of(connection: Connection, slot: Row[Any], queue: Row[Any], reviewer_id: int) -> Stage:
    """What is asked next: left alone, right alone, the judgement (blind, of an adjudicator), or the decision."""
    if queue.mode == "protocol":
        for side in SIDES:
            stored = _stored_side(side, slot.swapped)
            if step_of(connection, slot.id, reviewer_id, ALONE[stored]) is None:
                return "alone_a" if side == "a" else "alone_b"
    if slot.kind == "adjudicate" and step_of(connection, slot.id, reviewer_id, PROVISIONAL) is not None:
        return "decide"
    return "judge"


def asked_alone(stage: Stage, swapped: bool) -> str | None:
    """The response of the stored pair that a stage asks of alone; None: it asks of both, or there is one."""
    return _stored_side(stage[-1], swapped) if stage in ("alone_a", "alone_b") else None


def _stored_side(side: str, swapped: bool) -> str:
    return {"a": "b", "b": "a"}[side] if swapped else side


def save_alone(store: Store, slot: int, handle: str, fence: int, side: Side, said: Submission) -> Stage:
    """Store the marks of the left (``a``) or right response, given to it alone; what is asked next.

    The same again is the same; anything else is refused, before and after both were seen side by side.

    Raises:
        Refused: no protocol queue, something required is missing, or other marks stand.
        LeaseLost: the slot is not theirs.
    """
    return store.transact(partial(_save_alone, store, slot, handle, fence, side, said))


def _save_alone(
    store: Store, slot_id: int, handle: str, fence: int, side: str, said: Submission, connection: Connection
) -> Stage:
    now = store.now(connection)
    me = person(connection, handle, now).id
    item_row(connection, slot_row(connection, slot_id).item_id, lock=True)
    slot = slot_row(connection, slot_id)
    queue = queue_of(connection, slot)
    if queue.mode != "protocol" or side not in SIDES:
        raise Refused(f"slot {slot_id} has no step {side!r}: responses are marked alone in protocol queues, a and b")
    if (slot.reviewer_id, slot.fence, slot.state) != (me, fence, "leased"):
        raise LeaseLost(f"slot {slot_id} is no longer yours; claim again")
    n = ALONE[_stored_side(side, slot.swapped)]
    before = step_of(connection, slot_id, me, n)
    if before is None:
        rubric, _ = rubric_for(connection, queue, item_row(connection, slot.item_id))
        view = shown(connection, slot.subject_sha256, swapped=slot.swapped)
        one = view.trace if side == "a" or view.other is None else view.other
        validate(said, rubric, {span.id for span in one.spans}, mode=queue.mode, alone=True)
        add_step(connection, slot, me, handle, n, said.body(), said.words(), now)
    elif not same_step(connection, before, said):
        raise Refused(f"slot {slot_id}: the marks of this response stand; put a doubt into revised_marks")
    return stage_of(connection, slot, queue, me)


def add_step(
    connection: Connection,
    slot: Row[Any],
    me: int,
    handle: str,
    n: int,
    body: dict[str, Any],
    said: dict[str, Any],
    now: float,
) -> None:
    """Write a step and its event."""
    owner, text, _ = keep(connection, said)
    values = {"slot_id": slot.id, "reviewer_id": me, "fence": slot.fence, "n": n, "body": body, "at": now}
    row = insert_row(connection, schema.slot_step, uuid=owner, text_sha256=text, **values)
    action = "provisional" if n == PROVISIONAL else "step"
    ledger.append(connection, now, handle, action, f"slot_step:{row.id}", ledger.row_digest(row))


def same_step(connection: Connection, step: Row[Any], said: Submission, *, swapped: bool = False) -> bool:
    """Whether this was said before; words that were erased are taken to be the same."""
    salt = salt_of(connection, step.uuid)
    same_words = salt is None or step.text_sha256 == salted(salt, said.words())
    return bool(step.body == unswapped(said.body(), swapped) and same_words)


def marked_alone(connection: Connection, slot_id: int, reviewer_id: int) -> dict[str, Any]:
    """Marks, absences and flags of both responses, ``a:criterion`` of the stored pair.

    Raises:
        Refused: a response was not marked yet.
    """
    bodies = {}
    for side, n in ALONE.items():
        step = step_of(connection, slot_id, reviewer_id, n)
        if step is None:
            raise Refused(f"slot {slot_id}: mark each response alone first (step 1), then compare")
        bodies[side] = step.body
    together: dict[str, Any] = {
        name: {f"{side}:{criterion}": mark for side, body in bodies.items() for criterion, mark in body[name].items()}
        for name in ("marks", "absent")
    }
    together["unsure"] = sorted(f"{side}:{name}" for side, body in bodies.items() for name in body["unsure"])
    together["flags"] = sorted({flag for body in bodies.values() for flag in body["flags"]})
    together["evidence"] = [f"{side}:{span}" for side, body in bodies.items() for span in body["evidence"]]
    together["escalate"] = any(body["escalate"] for body in bodies.values())
    return together
