"""What a lead may do to an item, slot or text. Each supersedes, none deletes, and the reason stays on record.

Who is a lead is the caller's to check; that two persons agree, where two must, is checked here.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from sqlalchemy import Connection, Row, and_, delete, insert, select, update

from traceeval.errors import NotFound, Refused
from traceeval.review import ledger, schema
from traceeval.review._rows import (
    FINAL,
    MAX_ROUNDS,
    insert_row,
    item_row,
    move,
    person,
    queue_of,
    setting,
    slot_row,
    slot_values,
)
from traceeval.review._slots import open_slot
from traceeval.review.gold import retire_where
from traceeval.review.pairs import PAIR_MODES, orders
from traceeval.review.store import Store


def reopen(store: Store, item_id: int, handle: str, reason: str) -> int | None:
    """Queue a resolved item again, as the next round; the new item's id.

    None: it is a safety item, so a second person must reopen it too.

    Raises:
        Refused: it is not resolved, has no rounds left, is reopened already, or no reason is given.
    """
    return store.transact(partial(_reopen, store, item_id, handle, reason))


def _reopen(store: Store, item_id: int, handle: str, reason: str, connection: Connection) -> int | None:
    item = item_row(connection, item_id, lock=True)
    if item.state != "resolved":
        raise Refused(f"item {item_id} is {item.state}; only a resolved one is reopened")
    if item.round >= MAX_ROUNDS:
        raise Refused(f"item {item_id} had {item.round} rounds; {MAX_ROUNDS} is the most, it stays as it is")
    if _next_round(connection, item) is not None:
        raise Refused(f"item {item_id} is reopened already, as item {_next_round(connection, item)}")
    alone = not _is_safety(connection, item)
    if not act(store, connection, "reopen", f"item:{item_id}", handle, reason, alone=alone):
        return None
    kept = {c.name: getattr(item, c.name) for c in schema.item.c if c.name not in ("id", "cause")}
    now = store.now(connection)
    values = {**kept, "state": "queued", "round": item.round + 1, "version": 1, "waiting_since": now}
    new = insert_row(connection, schema.item, **values)
    connection.execute(insert(schema.slot), list(_slots(connection, new, now)))
    _overturned(connection, item.id, handle, reason, now)
    return int(new.id)


def _slots(connection: Connection, item: Row[Any], now: float) -> Iterator[dict[str, Any]]:
    queue = queue_of(connection, item)
    swapped = [False] * item.k
    if queue.mode in PAIR_MODES:
        swapped = orders(str(setting(queue, "seed")), item.subject_sha256, item.round, item.k)
    for n in range(1, item.k + 1):
        values = slot_values(item.id, item.queue_id, item.rank, item.subject_sha256, n)
        yield {**values, "swapped": swapped[n - 1], "opened_at": now}


def _overturned(connection: Connection, item_id: int, handle: str, reason: str, now: float) -> None:
    """What rested on the decision: gold made of it is retired, a scenario pinned to it is flagged."""
    made = select(schema.decision.c.id).where(schema.decision.c.item_id == item_id)
    retire_where(connection, schema.gold.c.decision_id.in_(made), "its decision was reopened", handle, now)
    pin = schema.regression_pin
    flag = update(pin).where(pin.c.decision_id.in_(made), pin.c.flagged_at.is_(None))
    connection.execute(flag.values(flagged_at=now, flag_reason=reason.strip()))


def _next_round(connection: Connection, item: Row[tuple[object, ...]]) -> int | None:
    table = schema.item
    later = and_(table.c.queue_id == item.queue_id, table.c.subject_sha256 == item.subject_sha256)
    return connection.execute(select(table.c.id).where(later, table.c.round == item.round + 1)).scalar()


def _is_safety(connection: Connection, item: Row[tuple[object, ...]]) -> bool:
    flags = select(schema.decision.c.flags).where(schema.decision.c.item_id == item.id)
    return bool(item.safety) or any(connection.execute(flags).scalars())


def withdraw(store: Store, item_id: int, handle: str, reason: str) -> None:
    """Take an item out of review, e.g. for personal data; it is counted as non-response.

    Raises:
        Refused: the item is final already, or no reason is given.
    """

    def take_out(connection: Connection) -> None:
        item = item_row(connection, item_id, lock=True)
        if item.state in FINAL:
            raise Refused(f"item {item_id} is {item.state} and stays so; a resolved one can be reopened first")
        act(store, connection, "withdraw", f"item:{item_id}", handle, reason)
        slot = schema.slot
        live = and_(slot.c.item_id == item_id, slot.c.state.in_(("open", "leased")))
        connection.execute(update(slot).where(live).values(state="void", lease_until=None))
        move(connection, item_id, "withdrawn", cause="withdrawn")

    store.transact(take_out)


def void(store: Store, slot_id: int, handle: str, reason: str) -> int:
    """Set a submitted verdict aside and open a new slot in its place; the new slot's id. The verdict stays on record.

    A dispute it was part of is off: nobody adjudicates before the new verdict is in.

    Raises:
        Refused: the slot is not submitted, its item is final, or no reason is given.
    """

    def set_aside(connection: Connection) -> int:
        item = item_row(connection, slot_row(connection, slot_id).item_id, lock=True)
        slot, table = slot_row(connection, slot_id), schema.slot
        if slot.kind not in ("review", "adjudicate"):
            raise Refused(f"slot {slot_id} is {slot.kind}: its verdict decides nothing; retire the gold instead")
        if slot.state != "submitted" or item.state in FINAL:
            raise Refused(f"slot {slot_id} is {slot.state}, its item {item.state}; only a verdict in play is set aside")
        act(store, connection, "void", f"slot:{slot_id}", handle, reason)
        pending = and_(table.c.item_id == item.id, table.c.kind == "adjudicate", table.c.state.in_(("open", "leased")))
        connection.execute(update(table).where(pending).values(state="void", lease_until=None))
        connection.execute(update(table).where(table.c.id == slot_id).values(state="void"))
        move(connection, item.id, "in_review")
        return open_slot(connection, item, slot.kind, "void", store.now(connection))

    return store.transact(set_aside)


def release(store: Store, item_id: int, handle: str, reason: str) -> None:
    """Offer a blocked item again, once somebody qualified has joined.

    Raises:
        Refused: it is not blocked, its text cannot be shown, or no reason is given.
    """

    def offer(connection: Connection) -> None:
        item = item_row(connection, item_id, lock=True)
        if item.state != "blocked" or item.cause == "redaction_failed":
            raise Refused(f"item {item_id} is {item.state} ({item.cause}); it cannot be offered")
        act(store, connection, "release", f"item:{item_id}", handle, reason)
        slot = schema.slot
        started = and_(slot.c.item_id == item_id, slot.c.state == "submitted")
        busy = connection.execute(select(slot.c.id).where(started)).first() is not None
        since = store.now(connection)
        move(connection, item_id, "in_review" if busy else "queued", cause=None, waiting_since=since)

    store.transact(offer)


def erase(store: Store, about: str, handle: str, reason: str) -> bool:
    """Erase for good the words of a verdict (``words:UUID``), or the text of a trace (``subject:SHA256``) and drafts on it.

    False: a second person must ask for it too. The record still verifies: it holds digests only.

    Raises:
        NotFound: there is nothing of that name.
        Refused: no reason is given.
    """

    def wipe(connection: Connection) -> bool:
        kind, _, name = about.partition(":")
        column = {"words": schema.free_text.c.owner, "subject": schema.subject.c.sha256}.get(kind)
        if column is None or connection.execute(select(column).where(column == name)).first() is None:
            raise NotFound(f"nothing to erase at {about!r}; write words:UUID of a verdict or subject:SHA256 of a trace")
        if not act(store, connection, "erase", about, handle, reason, alone=False):
            return False
        connection.execute(delete(column.table).where(column == name))
        drafted = select(schema.slot.c.id).where(schema.slot.c.subject_sha256 == name)
        connection.execute(delete(schema.draft).where(schema.draft.c.slot_id.in_(drafted)))
        return True

    return store.transact(wipe)


def act(
    store: Store, connection: Connection, action: str, about: str, handle: str, reason: str, *, alone: bool = True
) -> bool:
    """Put a lead's act on record; whether it takes effect: alone, or as the second person to ask for it."""
    if len(reason.strip()) < 5:
        raise Refused("say why (a reason of at least 5 characters): it goes on record")
    table, now = schema.lead_action, store.now(connection)
    me = person(connection, handle, now).id
    asked = and_(table.c.action == action, table.c.about == about, table.c.reviewer_id != me, ~table.c.done)
    done = alone or connection.execute(select(table.c.id).where(asked)).first() is not None
    row = insert_row(
        connection, table, action=action, about=about, reviewer_id=me, reason=reason.strip(), done=done, at=now
    )
    ledger.append(connection, now, handle, action, f"lead_action:{row.id}", ledger.row_digest(row))
    return done
