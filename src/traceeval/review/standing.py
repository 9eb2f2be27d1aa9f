"""Whether items and slots stand where history says, and whether what history speaks of is still there."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, select

from traceeval.review import schema
from traceeval.review._rows import FINAL
from traceeval.review.rubric import body_sha256
from traceeval.review.spoken import stream

STATES = {"decided": "resolved", "indeterminate": "indeterminate"}
Problem = tuple[str, str]  # the event's object it contradicts, and what is wrong


def contradictions(connection: Connection) -> Iterator[Problem]:
    """States that no event led to, and rubrics that are not those verdicts were given under."""
    yield from _slots(connection)
    yield from _items(connection)
    yield from _rubrics(connection)


def acted(connection: Connection, action: str) -> set[str]:
    """What a lead's act of this kind took effect on."""
    table = schema.lead_action
    done = select(table.c.about).where(table.c.action == action, table.c.done)
    return set(connection.execute(done).scalars())


def _slots(connection: Connection) -> Iterator[Problem]:
    voided = acted(connection, "void")
    slot, verdict, item, gold = schema.slot, schema.verdict, schema.item, schema.gold
    tried = schema.calibration_round
    kept = select(slot.c.id, slot.c.item_id, slot.c.kind, slot.c.state, verdict.c.id.label("verdict_id"))
    kept = kept.add_columns(item.c.state.label("item_state"), gold.c.retired_at, tried.c.state.label("round_state"))
    joined = kept.join(verdict, verdict.c.slot_id == slot.c.id, isouter=True)
    joined = joined.join(item, item.c.id == slot.c.item_id, isouter=True)
    joined = joined.join(gold, gold.c.item_id == slot.c.item_id, isouter=True)
    joined = joined.join(tried, tried.c.id == item.c.calibration_round_id, isouter=True)
    rows = stream(connection, joined.order_by(slot.c.item_id, slot.c.id))
    for _, of_item in groupby(rows, key=lambda row: row.item_id):
        slots = list(of_item)
        reviewed_anew = any(f"slot:{row.id}" in voided for row in slots)
        for row in slots:
            if not _may_stand(row, f"slot:{row.id}" in voided, reviewed_anew):
                yield f"slot:{row.id} (claim)", f"slot:{row.id} is {row.state}, and no event led to that"


def _may_stand(slot: Any, voided: bool, reviewed_anew: bool) -> bool:
    """Whether a slot's state follows from its verdict, and from what happened to it and its item."""
    if slot.verdict_id is not None:
        return bool(slot.state == ("void" if voided else "submitted"))
    if slot.state != "void":
        return bool(slot.state != "submitted")
    closed = slot.item_state == "withdrawn" or slot.retired_at is not None or slot.round_state == "revealed"
    given_back = slot.kind == "gold"  # it was made for one person, who declined it: nobody else is given it
    return bool(closed or given_back or (slot.kind == "adjudicate" and reviewed_anew))


def _items(connection: Connection) -> Iterator[Problem]:
    table, withdrawn = schema.item, acted(connection, "withdraw")
    decision = schema.decision
    decided = {
        row.item_id: (row.id, STATES.get(row.outcome))
        for row in stream(connection, select(decision.c.id, decision.c.item_id, decision.c.outcome))
    }
    for row in stream(connection, select(table.c.id, table.c.state).order_by(table.c.id)):
        by, state = decided.pop(row.id, (None, None))
        if f"item:{row.id}" in withdrawn:
            withdrawn.discard(f"item:{row.id}")
            state = "withdrawn"
        if row.state != state and (state is not None or row.state in FINAL):
            yield f"decision:{by}", f"item:{row.id} is {row.state}, and no event led to that"
    yield from ((f"decision:{by}", f"the item of decision:{by} is gone") for by, _ in decided.values())
    yield from ((about, f"{about} was withdrawn and is gone") for about in sorted(withdrawn))


def _rubrics(connection: Connection) -> Iterator[Problem]:
    table, verdict = schema.rubric, schema.verdict
    known = set()
    for row in stream(connection, select(table).order_by(table.c.id)):
        known.add(row.sha256)
        if body_sha256(row.body) != row.sha256:
            yield f"rubric:{row.id}", f"rubric:{row.id} was changed after it was written"
    for sha256 in sorted(set(connection.execute(select(verdict.c.rubric_sha256).distinct()).scalars()) - known):
        yield "", f"verdicts were given under rubric {sha256[:12]}…, which is gone"
