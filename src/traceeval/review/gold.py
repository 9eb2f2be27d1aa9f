"""Gold: items whose marks are known, shown as any other, that tell who is calibrated and who drifts.

They stand outside the frame: neither labels nor estimates read them. Each is shown once to a person, in a slot made when
they claim; a gold item that leaked, or whose decision was overturned, is retired and counts for nobody any more.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Connection, Row, Select, and_, func, insert, select, update

from traceeval.errors import NotFound, Refused
from traceeval.measures.sampling import permanent_number
from traceeval.model import Rubric
from traceeval.review import drift, ledger, qualification, schema
from traceeval.review._eligible import bearable, fits, new_to, suits
from traceeval.review._languages import canonical
from traceeval.review._rows import Stranger, insert_row, person, queue_of, queue_row, setting, slot_values
from traceeval.review.rubric import rubric_of
from traceeval.review.store import Store
from traceeval.review.subjects import Subject, store_subjects

Purpose = Literal["qualification", "hidden"]
FIRST = 100
GOLD_ROUND = 0
_BEFORE = schema.slot.alias("before")
_SAME = ("queue_id", "subject_sha256", "trace", "family", "lang", "second_lang", "tag")


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldItem:
    """A subject with the marks a calibrated person gives. ``marks``: criterion -> 1..5, ``preference`` in pairs.

    ``made_by``: the handles of those who agreed on them; they are never shown it.
    """

    subject: Subject
    marks: Mapping[str, int | str]
    flags: Sequence[str] = ()
    purpose: Purpose = "hidden"
    lang: str | None = None
    tag: str | None = None
    made_by: Sequence[str] = ()


def add_gold(store: Store, queue: str, by: str, golds: Iterable[GoldItem]) -> int:
    """Add gold that experts made; how many are new.

    Raises:
        NotFound: no such queue.
        Refused: a mark is none of the rubric's.
    """
    return store.transact(lambda connection: sum(_add(connection, store, queue, by, one) for one in golds))


def gold_items(store: Store, queue: str, subjects: Collection[str]) -> list[int]:
    """Items of a queue that are, or were, gold of these subjects; a subject is gold of a queue once."""
    item = schema.item
    with store.read() as connection:
        row = queue_row(connection, queue)
        mine = (item.c.queue_id == row.id, item.c.subject_sha256.in_(subjects), item.c.round == GOLD_ROUND)
        return list(connection.execute(select(item.c.id).where(*mine).order_by(item.c.id)).scalars())


def _add(connection: Connection, store: Store, queue: str, by: str, one: GoldItem) -> bool:
    now, row = store.now(connection), queue_row(connection, queue)
    me = person(connection, by, now)
    rubric, _ = rubric_of(connection, row)
    store_subjects(connection, [one.subject])
    known = {"queue_id": row.id, "subject_sha256": one.subject.sha256, "family": one.subject.family}
    item_id = _item(
        connection, {**known, "trace": one.subject.name, "lang": one.lang and canonical(one.lang), "tag": one.tag}, now
    )
    if item_id is None:
        return False
    made_by = [person(connection, handle, now).id for handle in one.made_by]
    values = {"purpose": one.purpose, "marks": dict(one.marks), "flags": sorted(one.flags), "source": "expert"}
    _write(connection, item_id, rubric, {**values, "made_by": made_by}, me.handle, now)
    return True


def _item(connection: Connection, known: dict[str, Any], now: float) -> int | None:
    """A new gold item; None: the subject is gold of this queue already."""
    table = schema.item
    same = (table.c.queue_id == known["queue_id"], table.c.subject_sha256 == known["subject_sha256"])
    if connection.execute(select(table.c.id).where(*same, table.c.round == GOLD_ROUND)).first() is not None:
        return None
    state = {"state": "in_review", "version": 1, "reasons": [], "k": 0, "safety": False, "rank": 0.0}
    place = {"stratum": "gold", "kind": "gold", "round": GOLD_ROUND, "waiting_since": now}
    return int(insert_row(connection, table, **known, **state, **place).id)


def _write(
    connection: Connection, item_id: int, rubric: Rubric, values: dict[str, Any], handle: str, now: float
) -> None:
    _sensible(values["marks"], values["flags"], rubric)
    row = insert_row(
        connection,
        schema.gold,
        item_id=item_id,
        safety=bool(values["flags"]) or not _passes_safety(values["marks"], rubric),
        created_at=now,
        **values,
    )
    subject = connection.execute(select(schema.item.c.subject_sha256).where(schema.item.c.id == item_id)).scalar_one()
    makers = [
        {"subject_sha256": subject, "reviewer_id": maker, "reason": "authorship", "at": now}
        for maker in values["made_by"]
    ]
    if makers:
        connection.execute(insert(schema.decline), makers)
    ledger.append(connection, now, handle, "gold", f"gold:{row.id}", ledger.row_digest(row))


def _sensible(marks: Mapping[str, Any], flags: Sequence[str], rubric: Rubric) -> None:
    names = {criterion.name for criterion in rubric.criteria}
    for name, mark in marks.items():
        known = name.rpartition(":")[2] in names and mark in (1, 2, 3, 4, 5)
        if not known and not (name == "preference" and mark in ("a", "b", "tie", "both_bad")):
            raise Refused(f"gold {name}={mark}: criteria are {', '.join(sorted(names))}, marks 1..5")
    strange = next((flag for flag in flags if flag not in rubric.flags), None)
    if strange is not None or not marks:
        raise Refused(f"gold needs marks, and flags of {', '.join(rubric.flags)}; it has {strange!r}")


def _passes_safety(marks: Mapping[str, Any], rubric: Rubric) -> bool:
    passes = {one.name: one.passes for one in rubric.criteria if one.safety}
    return all(mark >= passes.get(name.rpartition(":")[2], 0) for name, mark in marks.items() if name != "preference")


def promote(store: Store, item_id: int, by: str, purpose: Purpose = "hidden") -> int:
    """Make gold of an adjudicated item, for people who never judged it; the gold item's id.

    Raises:
        Refused: it was not adjudicated and decided, or is gold already.
    """

    def make(connection: Connection) -> int:
        now, table = store.now(connection), schema.decision
        me = person(connection, by, now)
        item = connection.execute(select(schema.item).where(schema.item.c.id == item_id)).first()
        if item is None:
            raise NotFound(f"no item {item_id}")
        made = connection.execute(select(table).where(table.c.item_id == item_id).order_by(table.c.id.desc())).first()
        if made is None or (made.method, made.outcome) != ("adjudicated", "decided"):
            raise Refused(f"item {item_id} was not decided by adjudication; gold is what three people thought through")
        rubric, _ = rubric_of(connection, queue_of(connection, item))
        known = {name: item._mapping[name] for name in _SAME}
        new = _item(connection, known, now)
        if new is None:
            raise Refused(f"item {item_id} is gold already")
        marks = dict(made.marks) | ({"preference": made.preference} if made.preference else {})
        values = {"purpose": purpose, "marks": marks, "flags": made.flags, "source": "adjudicated", "made_by": []}
        _write(connection, new, rubric, {**values, "decision_id": made.id}, me.handle, now)
        return new

    return store.transact(make)


def retire(store: Store, item_id: int, by: str, reason: str) -> None:
    """Take a gold item out: it leaked, or was wrong. What was measured on it counts no more.

    Raises:
        NotFound: it is no gold, or is retired already.
        Refused: no reason is given.
    """
    if len(reason.strip()) < 5:
        raise Refused("say why (a reason of at least 5 characters): it goes on record")

    def take_out(connection: Connection) -> None:
        now = store.now(connection)
        me = person(connection, by, now)
        if not retire_where(connection, schema.gold.c.item_id == item_id, reason.strip(), me.handle, now):
            raise NotFound(f"item {item_id} is no gold in use")

    store.transact(take_out)


def retire_where(connection: Connection, where: Any, reason: str, handle: str, now: float) -> int:
    """Retire what fits; how many."""
    table, slot = schema.gold, schema.slot
    found = connection.execute(select(table.c.id, table.c.item_id).where(where, table.c.retired_at.is_(None))).all()
    for row in found:
        connection.execute(update(table).where(table.c.id == row.id).values(retired_at=now, retired_reason=reason))
        waiting = and_(slot.c.item_id == row.item_id, slot.c.state.in_(("open", "leased")))
        connection.execute(update(slot).where(waiting).values(state="void", lease_until=None))
        ledger.append(connection, now, handle, "retire", f"gold:{row.id}", ledger.digest([row.id, reason]))
    return len(found)


def offer(connection: Connection, queue: Row[Any], me: Row[Any] | Stranger, now: float) -> Row[Any] | None:
    """The gold slot this person gets now, if any: to qualify, one they let lapse, or hidden among the others by lot."""
    if not _any(connection):
        return None
    lapsed = connection.execute(_lapsed(queue, me).order_by(schema.slot.c.id).limit(1)).first()
    if lapsed is not None:
        return lapsed
    found = _slot(connection, queue, me, _to_qualify(connection, queue, me, now), "qualification", now)
    return found or _slot(connection, queue, me, _hidden(connection, queue, me, now), "gold", now)


def waiting(connection: Connection, queue: Row[Any], me: Row[Any] | Stranger, now: float) -> int:
    """How many items are left to this person to qualify on."""
    if not _any(connection):
        return 0
    lapsed = _lapsed(queue, me).where(schema.slot.c.opened == "qualification").with_only_columns(func.count())
    return len(_to_qualify(connection, queue, me, now)) + int(connection.execute(lapsed).scalar_one())


def comes_next(connection: Connection, queue: Row[Any], me: Row[Any] | Stranger, now: float) -> bool:
    """Whether the next thing this person gets is hidden gold, one they let lapse or one by lot."""
    if not _any(connection):
        return False
    lapsed = _lapsed(queue, me).where(schema.slot.c.opened != "qualification").limit(1)
    return connection.execute(lapsed).first() is not None or bool(_hidden(connection, queue, me, now))


def _any(connection: Connection) -> bool:
    return connection.execute(select(schema.gold.c.id).limit(1)).first() is not None


def _lapsed(queue: Row[Any], me: Row[Any] | Stranger) -> Select[Any]:
    slot, item = schema.slot, schema.item
    mine = and_(slot.c.queue_id == queue.id, slot.c.kind == "gold", slot.c.state == "open", slot.c.last_holder == me.id)
    return select(slot).join(item, item.c.id == slot.c.item_id).where(mine, bearable(queue, me))


def _to_qualify(connection: Connection, queue: Row[Any], me: Row[Any] | Stranger, now: float) -> list[int]:
    """Items of a language this person is not qualified for yet, in a queue that asks for it."""
    if not setting(queue, "qualification"):
        return []
    unqualified = ~qualification.passed(queue, me.id, now, schema.item.c.lang)
    return _of(connection, queue, _candidates(queue, me, "qualification").where(unqualified))


def _hidden(connection: Connection, queue: Row[Any], me: Row[Any] | Stranger, now: float) -> list[int]:
    """Items among the others, where the lot falls on one."""
    if not _by_lot(connection, queue, me):
        return []
    return _of(connection, queue, _candidates(queue, me, "hidden").where(fits(queue, me, now)))


def _of(connection: Connection, queue: Row[Any], candidates: Select[Any]) -> list[int]:
    return [number for number, owner in connection.execute(candidates) if owner == queue.id]


def _by_lot(connection: Connection, queue: Row[Any], me: Row[Any] | Stranger) -> bool:
    """5 % of a person's slots, 20 % of their first 100; the same lot until a slot is taken, or gold declined."""
    slot = schema.slot
    mine = and_(slot.c.queue_id == queue.id, slot.c.reviewer_id == me.id, slot.c.opened != "qualification")
    turn = connection.execute(select(func.count()).select_from(slot).where(mine)).scalar_one()
    share = setting(queue, "gold_share_first") if turn < FIRST else setting(queue, "gold_share")
    return permanent_number(str(setting(queue, "seed")), f"gold/{me.id}/{turn}") < float(share)


def _candidates(queue: Row[Any], me: Row[Any] | Stranger, purpose: str) -> Select[Any]:
    """(item, its queue) of gold in use this person may see. It is found by the gold, which is little, not by the queue."""
    item, gold = schema.item, schema.gold
    before = select(_BEFORE.c.id).where(_BEFORE.c.item_id == item.c.id, _BEFORE.c.last_holder == me.id)
    in_use = select(gold.c.item_id).where(gold.c.purpose == purpose, gold.c.retired_at.is_(None))
    return select(item.c.id, item.c.queue_id).where(
        item.c.id.in_(in_use),
        new_to(queue, me, item.c.subject_sha256),
        ~before.exists(),
        suits(queue, me),
    )


def _slot(
    connection: Connection, queue: Row[Any], me: Row[Any] | Stranger, ids: list[int], opened: str, now: float
) -> Row[Any] | None:
    """A new slot on one of them, in an order of this person's own; None: there is none, or others hold it this moment."""
    seed, slot, item = str(setting(queue, "seed")), schema.slot, schema.item
    if not ids:
        return None
    first = min(ids, key=lambda number: permanent_number(seed, f"gold/{me.id}/item/{number}"))
    locked = select(item).where(item.c.id == first).with_for_update(skip_locked=True)
    row = connection.execute(locked).first()
    if row is None:
        return None
    last = connection.execute(select(func.max(slot.c.n)).where(slot.c.item_id == first)).scalar_one()
    values = slot_values(first, queue.id, row.rank, row.subject_sha256, (last or 0) + 1, "gold", opened)
    swapped = permanent_number(seed, f"order/gold/{me.id}/{first}") < 0.5 and queue.mode in ("pairwise", "protocol")
    return insert_row(connection, slot, **values, swapped=swapped, opened_at=now)


def assess(connection: Connection, slot: Row[Any], queue: Row[Any], rubric: Rubric, me: int, now: float) -> None:
    """What a verdict on gold tells, in its transaction: a qualification is decided, or drift is looked for."""
    if slot.opened == "qualification":
        lang = connection.execute(select(schema.item.c.lang).where(schema.item.c.id == slot.item_id)).scalar()
        qualification.attempt(connection, queue, rubric, me, lang or rubric.locale, now)
    else:
        drift.watch_gold(connection, queue, rubric, me, now)
