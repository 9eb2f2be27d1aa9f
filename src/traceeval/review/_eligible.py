"""Who may judge what: the guards of a claim as one query, so that nothing is offered and then refused."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, exists, or_, select

from traceeval.review import schema
from traceeval.review._rows import move, setting

_WORKABLE = ("queued", "in_review", "disputed", "adjudicating")


def eligible(queue: Row[Any], me: Row[Any], now: float, kinds: Collection[str] | None = None) -> Select[Any]:
    """Open slots of a queue this person may take: not their subject in any round, nor declined; tag and language fit.

    ``kinds``: only slots of these; None: of any.
    """
    slot, item = schema.slot, schema.item
    guards = [_new_to(me, slot.c.subject_sha256), or_(item.c.tag.is_(None), item.c.tag.in_(me.tags))]
    guards.append(
        _qualified(queue, me.id, now)
        if setting(queue, "qualification")
        else or_(item.c.lang.is_(None), item.c.lang.in_(me.langs))
    )
    if kinds is not None:
        guards.append(slot.c.kind.in_(kinds))
    return (
        select(slot)
        .join(item, item.c.id == slot.c.item_id)
        .where(slot.c.queue_id == queue.id, slot.c.state == "open", item.c.state.in_(_WORKABLE), *guards)
    )


def _new_to(me: Row[Any], subject: ColumnElement[str]) -> ColumnElement[bool]:
    had, refused = schema.slot.alias("had"), schema.decline
    return and_(
        ~exists().where(had.c.subject_sha256 == subject, had.c.reviewer_id == me.id),
        ~exists().where(refused.c.subject_sha256 == subject, refused.c.reviewer_id == me.id),
    )


def _qualified(queue: Row[Any], reviewer_id: int, now: float) -> ColumnElement[bool]:
    """For the queue's rubric and the item's language; an item of no stated language accepts any qualification."""
    q, item = schema.qualification, schema.item
    return exists().where(
        q.c.reviewer_id == reviewer_id,
        q.c.rubric_id == queue.rubric_id,
        q.c.passed_at.is_not(None),
        or_(q.c.valid_until.is_(None), q.c.valid_until > now),
        or_(item.c.lang.is_(None), item.c.lang == q.c.lang),
    )


def block_if_stuck(connection: Connection, queue: Row[Any], item_id: int, now: float) -> bool:
    """Hand an item to the lead when it is open, nobody holds it, and everyone qualified has judged or declined it.

    A queue that asks for no qualification is open to people it does not know yet, and never runs out of them.
    """
    slot = schema.slot
    states = set(connection.execute(select(slot.c.state).where(slot.c.item_id == item_id)).scalars())
    if not setting(queue, "qualification") or "open" not in states or "leased" in states:
        return False
    people = connection.execute(select(schema.reviewer).where(schema.reviewer.c.disabled_at.is_(None))).all()
    if any(connection.execute(eligible(queue, me, now).where(slot.c.item_id == item_id)).first() for me in people):
        return False
    move(connection, item_id, "blocked", cause="no_reviewer_left")
    return True
