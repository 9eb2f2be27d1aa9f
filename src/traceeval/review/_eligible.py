"""Who may judge what: the guards of a claim as one query, so that nothing is offered and then refused."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, exists, or_, select, update

from traceeval.review import schema
from traceeval.review._languages import alike, speaks
from traceeval.review._rows import Stranger, move, setting
from traceeval.review.pairs import PAIR_MODES

_WORKABLE = ("queued", "in_review", "disputed", "adjudicating")
_AT_ONCE = 5
_HAD = schema.slot.alias("had")


def eligible(queue: Row[Any], me: Row[Any] | Stranger, now: float, kinds: Collection[str] | None = None) -> Select[Any]:
    """Open slots of a queue this person may take: not their subject in any round, nor declined or written by them.

    Tag and language fit, and no warning they opted out of stands on the subject. ``kinds``: only slots of these; None: of any.
    """
    return _open(queue).where(*(guard for _, guard in _guards(queue, me, now, kinds)))


def no_stand_in(instead: Sequence[Row[Any]], reviewer_id: int) -> ColumnElement[bool]:
    """Slots that stand in for no lease of gold (``_counts.stand_ins``), nor are of a subject that does for this person's."""
    slot, theirs = schema.slot, [one.subject_sha256 for one in instead if one.holder == reviewer_id]
    return and_(slot.c.id.not_in([one.id for one in instead]), slot.c.subject_sha256.not_in(theirs))


def why_none(
    connection: Connection, queue: Row[Any], me: Row[Any] | Stranger, now: float, kinds: Collection[str] | None = None
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
    queue: Row[Any], me: Row[Any] | Stranger, now: float, kinds: Collection[str] | None
) -> tuple[tuple[str, ColumnElement[bool]], ...]:
    """What a slot has to be for this person, each with what is said where none is."""
    slot = schema.slot
    wanted = [kind for kind in ("review", "adjudicate") if kinds is None or kind in kinds]
    return (
        ("what is open now is another kind of work: disputes are for adjudicators", slot.c.kind.in_(wanted)),
        ("you have judged, declined or written everything that is open now", new_to(queue, me, slot.c.subject_sha256)),
        *_fitting(queue, me, now),
    )


def fits(queue: Row[Any], me: Row[Any] | Stranger, now: float) -> ColumnElement[bool]:
    """An item's expertise, language and content are for this person, who is qualified where the queue asks for it."""
    return and_(*(guard for _, guard in _fitting(queue, me, now)))


def suits(queue: Row[Any], me: Row[Any] | Stranger) -> ColumnElement[bool]:
    """An item's expertise, language and content are for this person."""
    return and_(_skilled(me)[1], _speaking(me)[1], bearable(queue, me))


def _fitting(queue: Row[Any], me: Row[Any] | Stranger, now: float) -> tuple[tuple[str, ColumnElement[bool]], ...]:
    able = _qualified(queue, me.id, now) if setting(queue, "qualification") else _speaking(me)
    spared = ("what is open now holds content you asked to be spared", bearable(queue, me))
    return (_skilled(me), able, spared)


def new_to(queue: Row[Any], me: Row[Any] | Stranger, subject: ColumnElement[str]) -> ColumnElement[bool]:
    """A subject this person had in no round, and did not decline: not even as its author, or that of a response of it.

    In a queue that compares only, the marks of each response come from others: who gave them does not compare.
    """
    refused, both = schema.decline, schema.response
    had, declined = _HAD.c.reviewer_id == me.id, refused.c.reviewer_id == me.id
    new = [
        ~exists().where(_HAD.c.subject_sha256 == subject, had),
        ~exists().where(refused.c.subject_sha256 == subject, declined),
    ]
    part = both.c.pair_sha256 == subject
    if queue.mode in PAIR_MODES:
        new.append(~exists().where(part, refused.c.subject_sha256 == both.c.subject_sha256, declined))
    if queue.mode == "pairwise":
        new.append(~exists().where(part, _HAD.c.subject_sha256 == both.c.subject_sha256, had))
    return and_(*new)


def bearable(queue: Row[Any], me: Row[Any] | Stranger) -> ColumnElement[bool]:
    """No warning this person opted out of stands on an item's subject, nor on a response of it."""
    warning, out, both = schema.subject_warning, schema.opt_out, schema.response
    subject = schema.item.c.subject_sha256
    refused = and_(out.c.category == warning.c.category, out.c.reviewer_id == me.id)
    own = ~exists().where(warning.c.subject_sha256 == subject, refused)
    if queue.mode not in PAIR_MODES:
        return own
    return and_(
        own, ~exists().where(both.c.pair_sha256 == subject, warning.c.subject_sha256 == both.c.subject_sha256, refused)
    )


def _skilled(me: Row[Any] | Stranger) -> tuple[str, ColumnElement[bool]]:
    special = or_(schema.item.c.tag.is_(None), schema.item.c.tag.in_(me.tags))
    return "what is open now needs expertise that is not among yours; ask an admin", special


def _speaking(me: Row[Any] | Stranger) -> tuple[str, ColumnElement[bool]]:
    spoken = and_(*(speaks(me.langs, lang) for lang in _langs()))
    return "what is open now is in languages that are not among yours; ask an admin", spoken


def _qualified(queue: Row[Any], reviewer_id: int, now: float) -> tuple[str, ColumnElement[bool]]:
    """For the queue's rubric and each language; where none is stated any qualification will do."""
    known, mine = schema.qualification.c.lang, valid(queue, reviewer_id, now)
    able = and_(*(exists().where(mine, or_(lang.is_(None), alike(lang, known))) for lang in _langs()))
    return "what is open now is in languages you are not qualified for", able


def _langs() -> tuple[ColumnElement[str | None], ...]:
    """What an item is in: a pair may be in two languages."""
    return schema.item.c.lang, schema.item.c.second_lang


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
