"""What may be said of a queue without unblinding anybody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, func, select

from traceeval.errors import Refused
from traceeval.review import schema
from traceeval.review._rows import Shown, item_row, queue_row, shown
from traceeval.review.store import Store, person


@dataclass(frozen=True, slots=True)
class Status:
    """Items by state, slots by state, and the frame behind them. ``mine``: my leases as (slot, item, fence)."""

    queue: str
    items: Mapping[str, int]
    slots: Mapping[str, int]
    frame: int
    mine: tuple[tuple[int, int, int], ...]


def status(store: Store, queue: str, handle: str | None = None) -> Status:
    """Counts of a queue, and what one person holds."""
    with store.write() as connection:
        me = person(connection, handle, store.now(connection)) if handle else None
    with store.read() as connection:
        row = queue_row(connection, queue)

        def counts(table: Any) -> dict[str, int]:
            grouped = select(table.c.state, func.count()).where(table.c.queue_id == row.id).group_by(table.c.state)
            return dict(connection.execute(grouped).tuples().all())

        units = select(func.count()).select_from(schema.selection_unit).join(schema.selection_run)
        frame = connection.execute(units.where(schema.selection_run.c.queue_id == row.id)).scalar_one()
        held = and_(schema.slot.c.queue_id == row.id, schema.slot.c.reviewer_id == me, schema.slot.c.state == "leased")
        mine = connection.execute(
            select(schema.slot.c.id, schema.slot.c.item_id, schema.slot.c.fence).where(held)
        ).tuples()
        return Status(
            queue, counts(schema.item), counts(schema.slot), frame, tuple(tuple(one) for one in mine) if me else ()
        )


@dataclass(frozen=True, slots=True)
class ItemView:
    """An item as one person may see it. ``verdicts`` and ``reasons`` are empty until they have submitted."""

    id: int
    state: str
    cause: str | None
    shown: Shown
    verdicts: tuple[dict[str, Any], ...] = ()
    reasons: tuple[tuple[str, str], ...] = ()
    decision: dict[str, Any] | None = None


def show(store: Store, item_id: int, handle: str) -> ItemView:
    """An item; what others marked and why it was chosen only after one's own verdict, or when it is final.

    Raises:
        NotFound: no such item.
        Refused: it was withdrawn.
    """
    with store.write() as connection:
        me = person(connection, handle, store.now(connection))
    with store.read() as connection:
        item = item_row(connection, item_id)
        if item.state == "withdrawn":
            raise Refused(f"item {item_id} was withdrawn")
        view = shown(connection, item.subject_sha256)
        submitted = and_(schema.verdict.c.item_id == item_id, schema.verdict.c.reviewer_id == me)
        done = connection.execute(select(schema.verdict.c.id).where(submitted)).first() is not None
        final = item.state in ("resolved", "indeterminate")
        if not final:
            return ItemView(item.id, item.state, item.cause, view, reasons=_pairs(item.reasons) if done else ())
        rows = connection.execute(select(schema.verdict.c.body).where(schema.verdict.c.item_id == item_id)).scalars()
        last = select(schema.decision).where(schema.decision.c.item_id == item_id).order_by(schema.decision.c.id.desc())
        decision = connection.execute(last).first()
        told = (
            {key: decision._mapping[key] for key in ("method", "outcome", "marks", "flags", "cause")}
            if decision
            else None
        )
        return ItemView(item.id, item.state, item.cause, view, tuple(rows), _pairs(item.reasons), told)


def _pairs(reasons: Any) -> tuple[tuple[str, str], ...]:
    return tuple((str(rule), str(text)) for rule, text in reasons)
