"""What a lead may do to an item or slot: reopen, withdraw, void. Each supersedes, none deletes."""

from __future__ import annotations

from sqlalchemy import insert, select, update

from traceeval.errors import Refused
from traceeval.review import ledger, schema
from traceeval.review._rows import MAX_ROUNDS, item_row, slot_row
from traceeval.review.store import Store


def reopen(store: Store, item_id: int, handle: str, reason: str) -> int:
    """Queue a resolved item again, as the next round; the new item's id. After two rounds it is ``indeterminate``.

    Raises:
        Refused: the item is not resolved, no reason is given, or there are no rounds left.
    """
    _require(reason)
    with store.write() as connection:
        now = store.now(connection)
        item = item_row(connection, item_id, lock=True)
        if item.state not in ("resolved", "indeterminate"):
            raise Refused(f"item {item_id} is {item.state}; only a resolved one is reopened")
        if item.round >= MAX_ROUNDS:
            raise Refused(f"item {item_id} had {item.round} rounds; two is the most, it stays as it is")
        values = {
            c.name: getattr(item, c.name) for c in schema.item.c if c.name not in ("id", "state", "round", "cause")
        }
        done = connection.execute(insert(schema.item).values(**values, state="queued", round=item.round + 1))
        key = done.inserted_primary_key
        new = int(key[0]) if key else 0
        connection.execute(
            insert(schema.slot),
            [
                {
                    "item_id": new,
                    "queue_id": item.queue_id,
                    "rank": item.rank,
                    "subject_sha256": item.subject_sha256,
                    "n": n,
                    "kind": "review",
                    "state": "open",
                    "fence": 0,
                }
                for n in range(1, item.k + 1)
            ],
        )
        ledger.append(connection, now, handle, "reopen", f"item:{item_id}", ledger.digest([new, reason]))
        return new


def withdraw(store: Store, item_id: int, handle: str, reason: str) -> None:
    """Take an item out of review, e.g. for personal data; it is counted as non-response.

    Raises:
        Refused: the item is final already, or no reason is given.
    """
    _require(reason)
    with store.write() as connection:
        now = store.now(connection)
        item = item_row(connection, item_id, lock=True)
        if item.state in ("resolved", "indeterminate", "withdrawn"):
            raise Refused(f"item {item_id} is {item.state}; reopen it first")
        connection.execute(
            update(schema.item).where(schema.item.c.id == item_id).values(state="withdrawn", cause="withdrawn")
        )
        live = schema.slot.c.state.in_(("open", "leased"))
        connection.execute(
            update(schema.slot).where(schema.slot.c.item_id == item_id, live).values(state="void", lease_until=None)
        )
        ledger.append(connection, now, handle, "withdraw", f"item:{item_id}", ledger.digest([item_id, reason]))


def void(store: Store, slot_id: int, handle: str, reason: str) -> int:
    """Set a submitted verdict aside and open a new slot in its place; the new slot's id. The verdict stays on record.

    Raises:
        Refused: the slot is not submitted, its item is final, or no reason is given.
    """
    _require(reason)
    with store.write() as connection:
        now = store.now(connection)
        slot = slot_row(connection, slot_id)
        item = item_row(connection, slot.item_id, lock=True)
        if slot.state != "submitted" or item.state in ("resolved", "indeterminate", "withdrawn"):
            raise Refused(f"slot {slot_id} is {slot.state} and its item {item.state}; only a live verdict is set aside")
        connection.execute(update(schema.slot).where(schema.slot.c.id == slot_id).values(state="void"))
        last = max(connection.execute(select(schema.slot.c.n).where(schema.slot.c.item_id == item.id)).scalars())
        done = connection.execute(
            insert(schema.slot).values(
                item_id=item.id,
                queue_id=item.queue_id,
                rank=item.rank,
                n=last + 1,
                subject_sha256=item.subject_sha256,
                kind=slot.kind,
                state="open",
                fence=0,
            )
        )
        connection.execute(update(schema.item).where(schema.item.c.id == item.id).values(state="in_review"))
        ledger.append(connection, now, handle, "void", f"slot:{slot_id}", ledger.digest([slot_id, reason]))
        key = done.inserted_primary_key
        return int(key[0]) if key else 0


def _require(reason: str) -> None:
    if len(reason.strip()) < 5:
        raise Refused("say why (--reason): it goes on record")
