"""Signals that a person's verdicts changed or never were theirs. An alarm pauses new slots and asks the lead; no more.

Nothing is voided by itself: a lead talks to the person, clears the alarm with a reason, and voids single verdicts if so.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, func, select, update

from traceeval.errors import NotFound, Refused
from traceeval.measures.cusum import ALARM, alarmed, cusum
from traceeval.model import Rubric
from traceeval.review import ledger, schema
from traceeval.review._rows import insert_row, person, queue_row, setting
from traceeval.review.graded import graded
from traceeval.review.habits import Habits, Signal, signals
from traceeval.review.store import Store

EVERY = 10
RECENT = 50
_COMMON = 20


@dataclass(frozen=True, slots=True)
class Alarm:
    """A signal that crossed its threshold, for a person in a queue; ``cleared``: why a lead took it back, None: it stands."""

    id: int
    handle: str
    signal: str
    value: float
    threshold: float
    detail: str
    at: float
    cleared: str | None


def watch_gold(connection: Connection, queue: Row[Any], rubric: Rubric, me: int, now: float) -> None:
    """Look at a person's run of hidden gold after each; since the last time a lead cleared an alarm."""
    since = _cleared(connection, queue.id, me, "gold")
    results = graded(connection, queue.rubric_id, rubric, me, "gold", queue_id=queue.id)
    total = cusum(one.error for _, one in results if one.at > since)
    if alarmed(total):
        errors = sum(one.error for _, one in results if one.at > since)
        _raise(connection, queue, me, Signal("gold", total, ALARM, f"{errors} of the gold items since then"), now)


def watch(connection: Connection, queue: Row[Any], me: int, now: float) -> None:
    """Look at a person's habits after every tenth verdict, in its transaction."""
    if not setting(queue, "watch") or _count(connection, queue, me) % EVERY:
        return
    mine = _said(connection, queue, me)
    for signal in signals(_habits(connection, queue, me, mine)):
        if any(row.at > _cleared(connection, queue.id, me, signal.name) for row in mine):
            _raise(connection, queue, me, signal, now)


def _count(connection: Connection, queue: Row[Any], me: int) -> int:
    verdict, item = schema.verdict, schema.item
    mine = (item.c.queue_id == queue.id, verdict.c.reviewer_id == me, verdict.c.round == "live")
    found = select(func.count()).select_from(verdict).join(item, item.c.id == verdict.c.item_id).where(*mine)
    return int(connection.execute(found).scalar_one())


def _said(connection: Connection, queue: Row[Any], me: int) -> list[Row[Any]]:
    """A person's latest live verdicts, newest first, with the language of the item and what they wrote."""
    verdict, item, slot, text = schema.verdict, schema.item, schema.slot, schema.free_text
    columns = (verdict.c.item_id, verdict.c.body, verdict.c.active_ms, verdict.c.at, verdict.c.presentation)
    found = (
        select(*columns, item.c.lang, text.c.body.label("words"))
        .join(item, item.c.id == verdict.c.item_id)
        .join(slot, slot.c.id == verdict.c.slot_id)
        .join(text, text.c.owner == verdict.c.uuid, isouter=True)
        .where(item.c.queue_id == queue.id, verdict.c.reviewer_id == me)
        .where(verdict.c.round == "live", slot.c.state == "submitted")
        .order_by(verdict.c.id.desc())
        .limit(RECENT)
    )
    return list(connection.execute(found))


def _habits(connection: Connection, queue: Row[Any], me: int, mine: list[Row[Any]]) -> Habits:
    verdict, item = schema.verdict, schema.item
    others = (
        select(verdict.c.item_id, verdict.c.body, verdict.c.active_ms)
        .join(item, item.c.id == verdict.c.item_id)
        .where(item.c.queue_id == queue.id, verdict.c.reviewer_id != me, verdict.c.round == "live")
    )
    shared = connection.execute(others.where(verdict.c.item_id.in_([row.item_id for row in mine]))).all()
    recent = connection.execute(others.order_by(verdict.c.id.desc()).limit(RECENT * 4)).all()
    langs = connection.execute(select(schema.reviewer.c.langs).where(schema.reviewer.c.id == me)).scalar_one()
    locale = connection.execute(
        select(schema.rubric.c.locale).where(schema.rubric.c.id == queue.rubric_id)
    ).scalar_one()
    return Habits(
        marks=tuple(row.body["marks"] for row in mine),
        differences=tuple(_differences(mine, shared)),
        times=tuple(row.active_ms for row in mine if row.active_ms is not None)[:_COMMON],
        others_times=tuple(row.active_ms for row in recent if row.active_ms is not None),
        others_marks=tuple(row.body["marks"] for row in recent),
        left=tuple(_left(mine)),
        rationales=tuple((row.words or {}).get("rationale", "") for row in mine),
        spoken=frozenset(
            {locale, *(lang.partition(":")[0] for lang in langs)} | {row.lang for row in mine if row.lang}
        ),
    )


def _differences(mine: list[Row[Any]], shared: Any) -> Iterator[float]:
    """By item that somebody else judged too: my mean mark less theirs, over criteria both marked."""
    theirs: dict[int, list[dict[str, int]]] = {}
    for row in shared:
        theirs.setdefault(row.item_id, []).append(row.body["marks"])
    for row in mine:
        gaps = [
            mark - other[name]
            for other in theirs.get(row.item_id, ())
            for name, mark in row.body["marks"].items()
            if name in other
        ]
        if gaps:
            yield sum(gaps) / len(gaps)


def _left(mine: list[Row[Any]]) -> Iterator[bool]:
    """Of each pair with a preference: whether it went to the response on the left."""
    for row in mine:
        preference, order = row.body["preference"], row.presentation.get("order")
        if preference in ("a", "b") and order in ("ab", "ba"):
            yield order[0] == preference


def _cleared(connection: Connection, queue_id: int, me: int, signal: str) -> float:
    """When a lead last cleared this signal; what came before counts no more."""
    table = schema.alarm
    mine = (table.c.queue_id == queue_id, table.c.reviewer_id == me, table.c.signal == signal)
    return float(connection.execute(select(func.max(table.c.cleared_at)).where(*mine)).scalar() or 0.0)


def _raise(connection: Connection, queue: Row[Any], me: int, signal: Signal, now: float) -> None:
    """Once, until it is cleared."""
    table = schema.alarm
    mine = (table.c.queue_id == queue.id, table.c.reviewer_id == me, table.c.signal == signal.name)
    if connection.execute(select(table.c.id).where(*mine, table.c.cleared_at.is_(None))).first() is not None:
        return
    values = {"signal": signal.name, "value": signal.value, "threshold": signal.threshold}
    detail = {"text": signal.detail}
    row = insert_row(connection, table, queue_id=queue.id, reviewer_id=me, **values, detail=detail, at=now)
    content = ledger.digest([row.id, me, signal.name, signal.value])
    ledger.append(connection, now, ledger.SYSTEM, "alarm", f"alarm:{row.id}", content)


def alarms(store: Store, queue: str, *, standing: bool = True) -> list[Alarm]:
    """Alarms of a queue, oldest first; only those that stand, or all."""
    table, reviewer = schema.alarm, schema.reviewer
    with store.read() as connection:
        row = queue_row(connection, queue)
        found = select(table, reviewer.c.handle).join(reviewer, reviewer.c.id == table.c.reviewer_id)
        found = found.where(table.c.queue_id == row.id).order_by(table.c.id)
        rows = connection.execute(found.where(table.c.cleared_at.is_(None)) if standing else found).all()
    return [
        Alarm(one.id, one.handle, one.signal, one.value, one.threshold, one.detail["text"], one.at, one.cleared_reason)
        for one in rows
    ]


def clear_alarm(store: Store, alarm: int, by: str, reason: str) -> None:
    """Let the person go on; what raised it counts no more towards the next.

    Raises:
        NotFound: no such alarm stands.
        Refused: no reason is given.
    """
    if len(reason.strip()) < 5:
        raise Refused("say why (a reason of at least 5 characters): it goes on record")

    def clear(connection: Connection) -> None:
        now, table = store.now(connection), schema.alarm
        me = person(connection, by, now)
        standing = (table.c.id == alarm, table.c.cleared_at.is_(None))
        values = {"cleared_at": now, "cleared_by": me.id, "cleared_reason": reason.strip()}
        if connection.execute(update(table).where(*standing).values(**values)).rowcount != 1:
            raise NotFound(f"no alarm {alarm} stands")
        ledger.append(connection, now, me.handle, "clear", f"alarm:{alarm}", ledger.digest([alarm, reason.strip()]))

    store.transact(clear)
