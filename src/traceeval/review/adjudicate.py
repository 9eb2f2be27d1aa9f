"""A third person, blind first: only their own verdict opens the two others (review.md section 12)."""

from __future__ import annotations

from functools import partial
from typing import Any

from sqlalchemy import Connection, Row

from traceeval.errors import LeaseLost, Refused
from traceeval.review import ledger
from traceeval.review._rows import item_row, person, queue_of, shown, slot_row
from traceeval.review._words import words
from traceeval.review.pairs import unswapped
from traceeval.review.rubric import rubric_of
from traceeval.review.settle import counted
from traceeval.review.steps import PROVISIONAL, add_step, marked_alone, same_step, step_of
from traceeval.review.store import Store
from traceeval.review.submission import Submission, validate


def provisional(store: Store, slot: int, handle: str, fence: int, said: Submission) -> list[dict[str, Any]]:
    """Store an adjudicator's blind verdict; only then the others', without names, times or order.

    It is given once: saying the same again returns the others' again, under a later lease too. Of a pair, the others'
    are told in the adjudicator's own left and right.

    Raises:
        Refused: not an adjudication, something required is missing, or another blind verdict was given before.
        LeaseLost: the slot is not theirs.
    """
    return store.transact(partial(_provisional, store, slot, handle, fence, said))


def _provisional(
    store: Store, slot_id: int, handle: str, fence: int, said: Submission, connection: Connection
) -> list[dict[str, Any]]:
    now = store.now(connection)
    me = person(connection, handle, now).id
    item_row(connection, slot_row(connection, slot_id).item_id, lock=True)
    slot = slot_row(connection, slot_id)
    if slot.kind != "adjudicate":
        raise Refused(f"slot {slot_id} is no adjudication; submit your verdict")
    if (slot.reviewer_id, slot.fence, slot.state) != (me, fence, "leased"):
        raise LeaseLost(f"slot {slot_id} is no longer yours; claim again")
    before = step_of(connection, slot_id, me, PROVISIONAL)
    if before is None:
        _store(connection, slot, me, handle, said, now)
    elif not same_step(connection, before, said, swapped=slot.swapped):
        raise Refused(f"slot {slot_id}: your blind verdict is stored and stays as it is; decide now, with a cause")
    return disputed(connection, slot.item_id, swapped=slot.swapped)


def _store(connection: Connection, slot: Row[Any], me: int, handle: str, said: Submission, now: float) -> None:
    queue = queue_of(connection, slot)
    rubric, _ = rubric_of(connection, queue)
    view = shown(connection, slot.subject_sha256, swapped=slot.swapped)
    validate(said, rubric, view.spans, mode=queue.mode)
    if queue.mode == "protocol":
        marked_alone(connection, slot.id, me)
    body = unswapped(said.body(), slot.swapped)
    add_step(connection, slot, me, handle, PROVISIONAL, body, said.words(), now)


def disputed(connection: Connection, item_id: int, *, swapped: bool = False) -> list[dict[str, Any]]:
    """What an item's reviewers said, de-identified, in the order of a digest."""
    rows = counted(connection, item_id, "live")
    said = [{**unswapped(row.body, swapped), **words(connection, row.uuid)} for row in rows]
    return sorted(said, key=ledger.digest)
