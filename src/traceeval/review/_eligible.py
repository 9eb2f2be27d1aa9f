"""Who may judge what: the guards of a claim as one query, so that nothing is offered and then refused."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, exists, or_, select, update

from traceeval.review import schema
from traceeval.review._rows import Stranger, move, setting

_WORKABLE = ("queued", "in_review", "disputed", "adjudicating")
_AT_ONCE = 5
_HAD = schema.slot.alias("had")


def eligible(queue: Row[Any], me: Row[Any] | Stranger, now: float, kinds: Collection[str] | None = None) -> Select[Any]:
    """Open slots of a queue this person may take: not their subject in any round, nor declined or written by them.

    Tag and language fit, and no warning they opted out of stands on the item. ``kinds``: only slots of these; None: of any.
    """
    return _open(queue).where(*(guard for _, guard in _guards(queue, me, now, kinds)))


def why_none(
    connection: Connection, queue: Row[Any], me: Row[Any], now: float, kinds: Collection[str] | None = None
) -> str | None:
    """What keeps this person from every open slot, in words: the first guard none gets past. None: there is one for them."""
    left = _open(queue).with_only_columns(schema.slot.c.id).limit(1)
    if connection.execute(left).first() is None:
        return "no slot of this queue is open now"
    for why, guard in _guards(queue, me, now, kinds):
        left = left.where(guard)
        if connection.execute(left).first() is None:
            return why
    return None


def _open(queue: Row[Any]) -> Select[Any]:
    """Open slots of a queue, whoever may take them."""
    slot, item = schema.slot, schema.item
    waits = (slot.c.queue_id == queue.id, schema.in_state(slot, "open"), schema.is_work(slot))
    return select(slot).join(item, item.c.id == slot.c.item_id).where(*waits, item.c.state.in_(_WORKABLE))


def _guards(
    queue: Row[Any], me: Row[Any], now: float, kinds: Collection[str] | None
) -> tuple[tuple[str, ColumnElement[bool]], ...]:
    """What a slot has to be for this person, each with what is said where none is."""
    slot = schema.slot
    wanted = [kind for kind in ("review", "adjudicate") if kinds is None or kind in kinds]
    return (
        ("what is open now is another kind of work: disputes are for adjudicators", slot.c.kind.in_(wanted)),
        ("you have judged, declined or written everything that is open now", new_to(me, slot.c.subject_sha256)),
        *_fitting(queue, me, now),
    )


def fits(queue: Row[Any], me: Row[Any] | Stranger, now: float) -> ColumnElement[bool]:
    """An item's expertise, language and content are for this person."""
    return and_(*(guard for _, guard in _fitting(queue, me, now)))


def _fitting(queue: Row[Any], me: Row[Any], now: float) -> tuple[tuple[str, ColumnElement[bool]], ...]:
    item = schema.item
    able = (
        ("what is open now is in languages you are not qualified for", _qualified(queue, me.id, now))
        if setting(queue, "qualification")
        else ("what is open now is in languages that are not among yours; ask an admin", speaks(me.langs, item.c.lang))
    )
    special = or_(item.c.tag.is_(None), item.c.tag.in_(me.tags))
    return (
        ("what is open now needs expertise that is not among yours; ask an admin", special),
        able,
        ("what is open now holds content you asked to be spared", _bearable(me.id)),
    )


def new_to(me: Row[Any] | Stranger, subject: ColumnElement[str]) -> ColumnElement[bool]:
    """A subject this person had in no round, and did not decline: not even as its author."""
    refused = schema.decline
    return and_(
        ~exists().where(_HAD.c.subject_sha256 == subject, _HAD.c.reviewer_id == me.id),
        ~exists().where(refused.c.subject_sha256 == subject, refused.c.reviewer_id == me.id),
    )


def speaks(langs: Iterable[str], column: ColumnElement[str | None]) -> ColumnElement[bool]:
    """An item of no stated language, or of one of these: ``de`` and ``de:C1`` cover ``de-AT`` as well."""
    spoken = [lang.partition(":")[0] for lang in langs]
    return or_(column.is_(None), column.in_(spoken), *(column.startswith(f"{lang}-") for lang in spoken))


def _bearable(reviewer_id: int) -> ColumnElement[bool]:
    warning, out = schema.item_warning, schema.opt_out
    same = and_(out.c.category == warning.c.category, out.c.reviewer_id == reviewer_id)
    return ~exists().where(warning.c.item_id == schema.item.c.id, same)


def _qualified(queue: Row[Any], reviewer_id: int, now: float) -> ColumnElement[bool]:
    """For the queue's rubric and the item's language; an item of no stated language accepts any qualification."""
    q, item = schema.qualification, schema.item
    return exists().where(valid(queue, reviewer_id, now), or_(item.c.lang.is_(None), item.c.lang == q.c.lang))


def valid(queue: Row[Any], reviewer_id: int, now: float) -> ColumnElement[bool]:
    """A qualification for the queue's rubric version that was passed and has not run out."""
    q = schema.qualification
    return and_(
        q.c.reviewer_id == reviewer_id,
        q.c.rubric_id == queue.rubric_id,
        q.c.passed_at.is_not(None),
        or_(q.c.valid_until.is_(None), q.c.valid_until > now),
    )


def block_if_stuck(connection: Connection, queue: Row[Any], item_id: int, now: float) -> bool:
    """Hand an item to the lead when it is open, nobody holds it, and everyone qualified has judged or declined it.

    A queue that asks for no qualification is open to people it does not know yet, and never runs out of them.
    """
    if not setting(queue, "qualification") or not _idle(connection, item_id):
        return False
    return _block(connection, queue, item_id, now, "no_reviewer_left")


def block_unserved(connection: Connection, queue: Row[Any], now: float) -> None:
    """Hand to the lead what waited for 2 leases' time and nobody here may take: its language or speciality is missing.

    A few at a time, oldest first: a claim that finds nothing pays for it.
    """
    item = schema.item
    special = or_(item.c.lang.is_not(None), item.c.tag.is_not(None))
    slot = schema.slot
    waiting = (
        slot.c.queue_id == queue.id,
        schema.in_state(slot, "open"),
        item.c.kind == "review",
        item.c.state.in_(_WORKABLE),
    )
    old = item.c.waiting_since < now - 2 * queue.ttl_s
    joined = select(item.c.id).join(slot, slot.c.item_id == item.c.id).where(*waiting, old, special)
    found = joined.order_by(item.c.waiting_since, item.c.id).limit(_AT_ONCE)
    locked = found.with_for_update(skip_locked=True, of=[item])
    for item_id in dict.fromkeys(connection.execute(locked).scalars().all()):
        if not _idle(connection, item_id) or not _block(connection, queue, item_id, now, "nobody_qualified"):
            connection.execute(update(item).where(item.c.id == item_id).values(waiting_since=now))


def _idle(connection: Connection, item_id: int) -> bool:
    slot = schema.slot
    states = set(connection.execute(select(slot.c.state).where(slot.c.item_id == item_id)).scalars())
    return "open" in states and "leased" not in states


def _block(connection: Connection, queue: Row[Any], item_id: int, now: float, cause: str) -> bool:
    """Whether nobody may take it; then it is blocked."""
    slot = schema.slot
    people = connection.execute(select(schema.reviewer).where(schema.reviewer.c.disabled_at.is_(None))).all()
    if any(connection.execute(eligible(queue, me, now).where(slot.c.item_id == item_id)).first() for me in people):
        return False
    move(connection, item_id, "blocked", cause=cause)
    return True
