"""A third person, blind first: only their own verdict opens the two others (review.md section 12)."""

from __future__ import annotations

from functools import partial
from typing import Any

from sqlalchemy import Connection, Row

from traceeval.errors import LeaseLost, Refused
from traceeval.review import ledger, schema
from traceeval.review._rows import insert_row, item_row, person, queue_of, shown, slot_row
from traceeval.review._words import keep, salt_of, salted, words
from traceeval.review.rubric import rubric_of
from traceeval.review.settle import counted
from traceeval.review.store import Store
from traceeval.review.submission import Submission, validate
from traceeval.review.submit import blind_step


def provisional(store: Store, slot: int, handle: str, fence: int, said: Submission) -> list[dict[str, Any]]:
    """Store an adjudicator's blind verdict; only then the others', without names, times or order.

    It is given once: saying the same again returns the others' again, under a later lease too.

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
    before = blind_step(connection, slot_id, me)
    if before is None:
        _store(connection, slot, me, handle, said, now)
    elif not _same(connection, before, said):
        raise Refused(f"slot {slot_id}: your blind verdict is stored and stays as it is; decide now, with a cause")
    return disputed(connection, slot.item_id)


def _store(connection: Connection, slot: Row[Any], me: int, handle: str, said: Submission, now: float) -> None:
    rubric, _ = rubric_of(connection, queue_of(connection, slot))
    view = shown(connection, slot.subject_sha256)
    validate(said, rubric, {span.id for span in view.trace.spans}, decides=False)
    owner, text = keep(connection, said.words())
    row = insert_row(
        connection,
        schema.slot_step,
        uuid=owner,
        slot_id=slot.id,
        reviewer_id=me,
        fence=slot.fence,
        n=1,
        body=said.body(),
        text_sha256=text,
        at=now,
    )
    ledger.append(connection, now, handle, "provisional", f"slot_step:{row.id}", ledger.row_digest(row))


def _same(connection: Connection, step: Row[Any], said: Submission) -> bool:
    salt = salt_of(connection, step.uuid)
    return bool(step.body == said.body() and (salt is None or step.text_sha256 == salted(salt, said.words())))


def disputed(connection: Connection, item_id: int) -> list[dict[str, Any]]:
    """What an item's reviewers said, de-identified, in the order of a digest."""
    said = [{**row.body, **words(connection, row.uuid)} for row in counted(connection, item_id, "live")]
    return sorted(said, key=ledger.digest)
