"""When verdicts agree they are a Decision; when not, a third person decides. Never a majority on safety."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Row, and_, func, insert, select, update

from traceeval.measures.sampling import permanent_number
from traceeval.model import Rubric
from traceeval.review import ledger, schema
from traceeval.review._rows import SETTINGS


def settle(connection: Connection, item: Row[Any], queue: Row[Any], rubric: Rubric, now: float) -> str:
    """The item's new state after a verdict, in the caller's transaction, with the item locked."""
    adjudicated = _verdicts(connection, item.id, "adjudication")
    if adjudicated:
        return _decide_adjudicated(connection, item, adjudicated[-1], now)
    verdicts = _verdicts(connection, item.id, "live")
    if len(verdicts) < item.k:
        return _move(connection, item, "in_review")
    if len(verdicts) == 1:
        if _alarming(verdicts[0].body, rubric):
            connection.execute(update(schema.item).where(schema.item.c.id == item.id).values(k=2))
            _open_slot(connection, item, "review")
            return _move(connection, item, "in_review")
        return _decide(connection, item, verdicts, "single", now)
    if _agree([row.body for row in verdicts], rubric) and not _recheck(item, queue):
        return _decide(connection, item, verdicts, "unanimous", now)
    _open_slot(connection, item, "adjudicate")
    return _move(connection, item, "disputed")


def _verdicts(connection: Connection, item_id: int, round_: str) -> list[Row[Any]]:
    live = and_(
        schema.verdict.c.item_id == item_id, schema.verdict.c.round == round_, schema.slot.c.state == "submitted"
    )
    joined = select(schema.verdict).join(schema.slot, schema.slot.c.id == schema.verdict.c.slot_id)
    return list(connection.execute(joined.where(live).order_by(schema.verdict.c.id)))


def _alarming(body: dict[str, Any], rubric: Rubric) -> bool:
    """One person's safety flag, or low mark on a safety criterion: a second one must look, blind."""
    safety = [criterion.name for criterion in rubric.criteria if criterion.safety]
    return bool(body["flags"]) or body["escalate"] or any(body["marks"].get(name, 5) <= 2 for name in safety)


def _agree(bodies: Sequence[dict[str, Any]], rubric: Rubric) -> bool:
    """Flags equal; marks at most 1 apart and on the same side of the pass mark; nobody unsure there; no escalation."""
    if len({tuple(body["flags"]) for body in bodies}) > 1 or any(body["escalate"] for body in bodies):
        return False
    return all(_agree_on(criterion.name, criterion.passes, bodies) for criterion in rubric.criteria)


def _agree_on(name: str, passes: int, bodies: Sequence[dict[str, Any]]) -> bool:
    marks = [body["marks"].get(name) for body in bodies]
    if any(mark is None for mark in marks):
        return all(mark is None for mark in marks)
    if max(marks) - min(marks) > 1 or len({mark >= passes for mark in marks}) > 1:
        return False
    return not any(name in body["unsure"] and body["marks"][name] in (passes, passes - 1) for body in bodies)


def _recheck(item: Row[Any], queue: Row[Any]) -> bool:
    """A random share of agreements is adjudicated all the same: it finds errors two people share."""
    share = {**SETTINGS, **queue.settings}["recheck_share"]
    return bool(permanent_number("recheck", f"{item.queue_id}/{item.subject_sha256}/{item.round}") < share)


def _open_slot(connection: Connection, item: Row[Any], kind: str) -> None:
    last = connection.execute(select(func.max(schema.slot.c.n)).where(schema.slot.c.item_id == item.id)).scalar_one()
    connection.execute(
        insert(schema.slot).values(
            item_id=item.id,
            queue_id=item.queue_id,
            rank=item.rank,
            n=last + 1,
            kind=kind,
            subject_sha256=item.subject_sha256,
            state="open",
            fence=0,
        )
    )


def _move(connection: Connection, item: Row[Any], state: str, cause: str | None = None) -> str:
    connection.execute(
        update(schema.item)
        .where(schema.item.c.id == item.id)
        .values(state=state, cause=cause, version=schema.item.c.version + 1)
    )
    return state


def _decide(connection: Connection, item: Row[Any], verdicts: Sequence[Row[Any]], method: str, now: float) -> str:
    """On agreement the lower mark counts: conservative for gates and regression scenarios."""
    bodies = [row.body for row in verdicts]
    marks = {name: min(body["marks"][name] for body in bodies) for name in bodies[0]["marks"]}
    _record(
        connection,
        item,
        now,
        {
            "method": method,
            "outcome": "decided",
            "marks": marks,
            "flags": bodies[0]["flags"],
            "verdicts": [row.uuid for row in verdicts],
            "unreplicated": method == "single",
        },
    )
    return _move(connection, item, "resolved")


def _decide_adjudicated(connection: Connection, item: Row[Any], final: Row[Any], now: float) -> str:
    step = select(schema.slot_step.c.body).where(schema.slot_step.c.slot_id == final.slot_id, schema.slot_step.c.n == 1)
    body = final.body
    outcome = "indeterminate" if body["indeterminate"] else "decided"
    live = _verdicts(connection, item.id, "live")
    _record(
        connection,
        item,
        now,
        {
            "method": "adjudicated",
            "outcome": outcome,
            "marks": body["marks"],
            "flags": body["flags"],
            "verdicts": [*(row.uuid for row in live), final.uuid],
            "unreplicated": False,
            "cause": body["cause"],
            "provisional": connection.execute(step).scalars().first(),
        },
    )
    return _move(connection, item, "indeterminate" if body["indeterminate"] else "resolved", body["cause"])


def _record(connection: Connection, item: Row[Any], now: float, values: dict[str, Any]) -> None:
    """Write the Decision, its event in the chain, and a label per criterion."""
    earlier = select(func.max(schema.decision.c.id)).where(schema.decision.c.item_id == item.id)
    supersedes = connection.execute(earlier).scalar_one()
    done = connection.execute(insert(schema.decision).values(item_id=item.id, at=now, supersedes=supersedes, **values))
    key = done.inserted_primary_key
    row = connection.execute(select(schema.decision).where(schema.decision.c.id == (key[0] if key else None))).one()
    ledger.append(connection, now, "system", "decide", f"decision:{row.id}", ledger.row_digest(row))
    if values["outcome"] == "decided":
        _label(connection, item, row)


def _label(connection: Connection, item: Row[Any], decision: Row[Any]) -> None:
    rubric = (
        connection.execute(select(schema.verdict.c.rubric_sha256).where(schema.verdict.c.item_id == item.id))
        .scalars()
        .first()
    )
    common = {
        "subject_sha256": item.subject_sha256,
        "source": decision.method,
        "pi": item.pi,
        "rubric_sha256": rubric,
        "split": split_of(item.stratum + item.subject_sha256),
        "decision_id": decision.id,
    }
    rows = [{**common, "criterion": name, "value": float(mark)} for name, mark in decision.marks.items()]
    if rows:
        connection.execute(insert(schema.label_row), rows)


def split_of(family: str) -> str:
    """Which use a label may serve, by the hash of its scenario family: families never straddle splits."""
    part = sha256(family.encode()).digest()[0] / 256
    return "calibration" if part < 0.4 else "test" if part < 0.8 else "regression"
