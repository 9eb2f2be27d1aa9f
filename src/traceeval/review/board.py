"""What a lead sees of a queue: who did how much, what waits for how long, what will never have a label."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from sqlalchemy import Connection, Row, and_, func, select

from traceeval.review import schema
from traceeval.review._counts import by_state
from traceeval.review._rows import queue_row
from traceeval.review.queue import REASONS
from traceeval.review.store import Store

NO_LABEL = ("indeterminate", "withdrawn", "blocked")
PER_PAGE = 100


@dataclass(frozen=True, slots=True)
class Work:
    """One person's work in a queue. ``declined``: slots of it that they gave back for good.

    ``active_s``: median seconds a verdict, None where no script measured them.
    """

    handle: str
    verdicts: int
    late: int
    declined: int
    held: int
    adjudicated: int
    active_s: float | None
    last_at: float | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that waits. ``age_s``: since it was leased or disputed, None: not known. ``who``: who holds it."""

    item: int
    slot: int | None
    age_s: float | None
    who: str | None


@dataclass(frozen=True, slots=True)
class Board:
    """One queue. ``leases``: the oldest first; ``disputes``: open ones, the oldest first.

    ``no_label``: items by why they have none; ``share_no_label`` of all final or blocked ones, None: none is.
    """

    queue: str
    project: str
    people: tuple[Work, ...]
    leases: tuple[Waiting, ...]
    disputes: tuple[Waiting, ...]
    no_label: Mapping[str, int]
    share_no_label: float | None


@dataclass(frozen=True, slots=True)
class ItemRow:
    """An item in a list. ``slots``: (slot, state, who) for the lead's acts."""

    id: int
    state: str
    cause: str | None
    round: int
    k: int
    slots: tuple[tuple[int, str, str, str | None], ...]


def board(store: Store, queue: str) -> Board:
    """Everything at once.

    Raises:
        NotFound: there is no such queue.
    """
    with store.read() as connection:
        row, now = queue_row(connection, queue), store.now(connection)
        states = Counter(by_state(connection, schema.item, row.id))
        closed = sum(states[state] for state in ("resolved", *NO_LABEL))
        missing = {state: states[state] for state in NO_LABEL}
        return Board(
            row.name,
            row.project,
            tuple(_work(connection, row.id)),
            _leases(connection, row, now),
            _disputes(connection, row.id, now),
            missing,
            sum(missing.values()) / closed if closed else None,
        )


def disputes(store: Store, queue: str) -> tuple[Waiting, ...]:
    """Items that wait for a third person, the oldest first."""
    with store.read() as connection:
        return _disputes(connection, queue_row(connection, queue).id, store.now(connection))


def items(store: Store, queue: str, state: str | None, page: int) -> tuple[list[ItemRow], int]:
    """A page of items that are work, in every round, and how many there are. ``state`` None: every state."""
    item, slot, people = schema.item, schema.slot, schema.reviewer
    with store.read() as connection:
        where = [item.c.queue_id == queue_row(connection, queue).id, schema.is_work(item)]
        if state is not None:
            where.append(item.c.state == state)
        total = connection.execute(select(func.count()).select_from(item).where(*where)).scalar_one()
        wanted = select(item).where(*where).order_by(item.c.id).limit(PER_PAGE).offset((max(page, 1) - 1) * PER_PAGE)
        rows = connection.execute(wanted).all()
        kept: dict[int, list[tuple[int, str, str, str | None]]] = {row.id: [] for row in rows}
        held = select(slot, people.c.handle).join(people, people.c.id == slot.c.reviewer_id, isouter=True)
        for one in connection.execute(held.where(slot.c.item_id.in_(list(kept))).order_by(slot.c.n)):
            kept[one.item_id].append((one.id, one.kind, one.state, one.handle))
        return [ItemRow(row.id, row.state, row.cause, row.round, row.k, tuple(kept[row.id])) for row in rows], total


def _work(connection: Connection, queue_id: int) -> list[Work]:
    verdict, item, slot = schema.verdict, schema.item, schema.slot
    mine = select(verdict.c.reviewer_id, verdict.c.round, verdict.c.late, verdict.c.active_ms, verdict.c.at)
    said = connection.execute(mine.join(item, item.c.id == verdict.c.item_id).where(item.c.queue_id == queue_id)).all()
    leased = and_(slot.c.queue_id == queue_id, slot.c.state == "leased")
    held = _count(connection, select(slot.c.reviewer_id).where(leased))
    refused = _declined(connection, queue_id)
    names = dict(connection.execute(select(schema.reviewer.c.id, schema.reviewer.c.handle)).all())
    everybody = {row.reviewer_id for row in said} | set(held) | set(refused)
    found = [
        _one(names[who], [row for row in said if row.reviewer_id == who], refused[who], held[who]) for who in everybody
    ]
    return sorted(found, key=lambda work: (-work.verdicts, work.handle))


def _declined(connection: Connection, queue_id: int) -> Counter[int]:
    """Slots of a queue that people gave back for good. The record tells which: a decline itself holds in every queue."""
    slot, decline, event = schema.slot, schema.decline, schema.audit_event
    subjects = select(decline.c.subject_sha256).where(decline.c.reason.in_(REASONS))
    mine = select(slot.c.id).where(slot.c.queue_id == queue_id, slot.c.subject_sha256.in_(subjects))
    slots = {f"slot:{one}" for one in connection.execute(mine).scalars()}
    if not slots:
        return Counter()
    bodies = connection.execute(select(event.c.body).where(event.c.body.startswith('{"action":"decline",'))).scalars()
    told = (json.loads(body) for body in bodies)
    return Counter(int(one["actor"].removeprefix("reviewer:")) for one in told if one["object"] in slots)


def _one(handle: str, said: Sequence[Any], declined: int, held: int) -> Work:
    active = [row.active_ms / 1000 for row in said if row.active_ms is not None]
    return Work(
        handle,
        len(said),
        sum(bool(row.late) for row in said),
        declined,
        held,
        sum(row.round == "adjudication" for row in said),
        median(active) if active else None,
        max((row.at for row in said), default=None),
    )


def _count(connection: Connection, people: Any) -> Counter[int]:
    return Counter(connection.execute(people).scalars())


def _leases(connection: Connection, queue: Row[Any], now: float) -> tuple[Waiting, ...]:
    slot, people = schema.slot, schema.reviewer
    held = select(slot, people.c.handle).join(people, people.c.id == slot.c.reviewer_id)
    oldest = held.where(slot.c.queue_id == queue.id, slot.c.state == "leased").order_by(slot.c.lease_until).limit(10)
    return tuple(
        Waiting(row.item_id, row.id, max(now - (row.leased_at or row.lease_until - queue.ttl_s), 0.0), row.handle)
        for row in connection.execute(oldest)
    )


def _disputes(connection: Connection, queue_id: int, now: float) -> tuple[Waiting, ...]:
    item, verdict = schema.item, schema.verdict
    since = func.max(verdict.c.at)
    open_ = and_(item.c.queue_id == queue_id, item.c.state.in_(("disputed", "adjudicating")))
    found = select(item.c.id, since).join(verdict, verdict.c.item_id == item.c.id).where(open_).group_by(item.c.id)
    return tuple(Waiting(one, None, max(now - at, 0.0), None) for one, at in connection.execute(found.order_by(since)))
