"""When verdicts agree they are a Decision; when not, a third person decides. Never a majority on safety."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import Any, Literal

from sqlalchemy import Connection, Row, and_, bindparam, func, insert, select, update

from traceeval.measures.sampling import permanent_number
from traceeval.model import Rubric
from traceeval.review import ledger, schema
from traceeval.review._rows import insert_row, move, setting
from traceeval.review._slots import open_slot
from traceeval.review.pairs import SIDES
from traceeval.review.proposals import from_decision

_STANDING = (
    select(schema.verdict)
    .join(schema.slot, schema.slot.c.id == schema.verdict.c.slot_id)
    .where(
        schema.verdict.c.item_id == bindparam("of_item"),
        schema.verdict.c.round.in_(bindparam("rounds", expanding=True)),
        schema.slot.c.state == "submitted",
    )
    .order_by(schema.verdict.c.id)
)
PREFERENCE_VALUES = {"a": 1.0, "tie": 0.5, "b": 0.0}
"""What the label of a preference is worth to the trace of the lower hash; "both bad" is no label."""


def settle(connection: Connection, item: Row[Any], queue: Row[Any], rubric: Rubric, now: float) -> str:
    """The item's new state after a verdict, in the caller's transaction, with the item locked."""
    given = counted(connection, item.id, "live", "adjudication")
    verdicts, final = ([row for row in given if row.round == name] for name in ("live", "adjudication"))
    if final:
        return _adjudicated(connection, item, queue, verdicts, final[-1], now)
    if len(verdicts) < item.k:
        return move(connection, item.id, "in_review")
    if len(verdicts) == 1:
        if not _alarming(verdicts[0].body, rubric):
            return _agreed(connection, item, queue, verdicts, "single", now)
        open_slot(connection, item, "review", "alarm", now)
        return move(connection, item.id, "in_review", k=2)
    agree = agreed([row.body for row in verdicts], rubric)
    if agree and not _recheck(item, queue):
        return _agreed(connection, item, queue, verdicts, "unanimous", now)
    open_slot(connection, item, "adjudicate", "recheck" if agree else "dispute", now)
    return move(connection, item.id, "disputed")


def counted(connection: Connection, item_id: int, *rounds: str) -> list[Row[Any]]:
    """The verdicts of an item that stand: voided ones stay on record and do not count."""
    return list(connection.execute(_STANDING, {"of_item": item_id, "rounds": rounds}))


def _alarming(body: dict[str, Any], rubric: Rubric) -> bool:
    """One person's flag, or low mark on a safety criterion: a second one must look, blind."""
    safety = [criterion.name for criterion in rubric.criteria if criterion.safety]
    low = any(mark <= 2 for name, mark in body["marks"].items() if name.rpartition(":")[2] in safety)
    return bool(body["flags"]) or body["escalate"] or bool(body.get("inconsistent")) or low


def agreed(bodies: Sequence[dict[str, Any]], rubric: Rubric) -> bool:
    """Flags and preference equal, nobody escalates or prefers against their own marks, and agreement everywhere."""
    if len({(*body["flags"], body["preference"]) for body in bodies}) > 1:
        return False
    if any(body["escalate"] or body.get("inconsistent") for body in bodies):
        return False
    return all(
        _agreed_on(name, criterion.passes, bodies)
        for criterion in rubric.criteria
        for name in (criterion.name, *(f"{side}:{criterion.name}" for side in SIDES))
    )


def _agreed_on(name: str, passes: int, bodies: Sequence[dict[str, Any]]) -> bool:
    """Marks at most 1 apart and on the same side of the pass mark, nobody unsure at it; or all without a mark."""
    marks = [body["marks"].get(name) for body in bodies]
    if any(mark is None for mark in marks):
        return all(mark is None for mark in marks)
    if max(marks) - min(marks) > 1 or len({mark >= passes for mark in marks}) > 1:
        return False
    return not any(name in body["unsure"] and body["marks"][name] in (passes, passes - 1) for body in bodies)


def _recheck(item: Row[Any], queue: Row[Any]) -> bool:
    """A random share of agreements is adjudicated all the same: it finds errors two people share."""
    subject = f"recheck/{item.subject_sha256}/{item.round}"
    return bool(permanent_number(str(setting(queue, "seed")), subject) < setting(queue, "recheck_share"))


def lower_median(marks: Sequence[int]) -> int:
    """The middle mark, the lower of two: conservative for gates and regression scenarios."""
    return sorted(marks)[(len(marks) - 1) // 2]


def _agreed(
    connection: Connection, item: Row[Any], queue: Row[Any], verdicts: Sequence[Row[Any]], method: str, now: float
) -> str:
    bodies = [row.body for row in verdicts]
    _record(
        connection,
        item,
        verdicts[0].rubric_sha256,
        now,
        method=method,
        outcome="decided",
        marks={name: lower_median([body["marks"][name] for body in bodies]) for name in bodies[0]["marks"]},
        flags=bodies[0]["flags"],
        preference=bodies[0]["preference"],
        verdicts=[row.uuid for row in verdicts],
        unreplicated=method == "single" or bool(queue.solo),
    )
    return move(connection, item.id, "resolved")


def _adjudicated(
    connection: Connection, item: Row[Any], queue: Row[Any], blind: Sequence[Row[Any]], final: Row[Any], now: float
) -> str:
    """The third person's word. That they cannot decide is an outcome too: final, counted, with its cause."""
    step, body = schema.slot_step, final.body
    alone = and_(step.c.slot_id == final.slot_id, step.c.reviewer_id == final.reviewer_id, step.c.n == 1)
    state = "indeterminate" if body["indeterminate"] else "resolved"
    _record(
        connection,
        item,
        final.rubric_sha256,
        now,
        method="adjudicated",
        outcome="indeterminate" if body["indeterminate"] else "decided",
        marks={**body["marks"], **body.get("revised_marks", {})},
        flags=body["flags"],
        preference=body["preference"],
        verdicts=[*(row.uuid for row in blind), final.uuid],
        unreplicated=bool(queue.solo),
        cause=body["cause"],
        rubric_proposal=from_decision(connection, item, queue, body["cause"], now),
        provisional=connection.execute(select(step.c.uuid).where(alone)).scalar_one(),
    )
    return move(connection, item.id, state, cause=body["cause"])


def _record(connection: Connection, item: Row[Any], rubric_sha256: str, now: float, **values: Any) -> None:
    """Write the Decision, its event in the chain, and a label per criterion."""
    table, rounds = schema.decision, schema.item
    earlier = select(func.max(table.c.id)).join_from(table, rounds, rounds.c.id == table.c.item_id)
    same = and_(rounds.c.queue_id == item.queue_id, rounds.c.subject_sha256 == item.subject_sha256)
    before = connection.execute(earlier.where(same)).scalar_one()
    values |= {"item_id": item.id, "round": item.round, "at": now, "supersedes": before}
    row = insert_row(connection, table, **values)
    ledger.append(connection, now, "system", "decide", f"decision:{row.id}", ledger.row_digest(row))
    if before is not None:
        old = schema.label.c.decision_id == before
        connection.execute(update(schema.label).where(old).values(superseded_by=row.id))
    labels = _labels(connection, item, row, rubric_sha256) if row.outcome == "decided" else []
    if labels:
        connection.execute(insert(schema.label), labels)


def _labels(connection: Connection, item: Row[Any], decision: Row[Any], rubric_sha256: str) -> list[dict[str, Any]]:
    common = {
        "subject_sha256": item.subject_sha256,
        "source": decision.method,
        "pi": _inclusion(connection, item),
        "rubric_sha256": rubric_sha256,
        "split": split_of(item.family),
        "decision_id": decision.id,
    }
    values = {name: float(mark) for name, mark in decision.marks.items()}
    if decision.preference in PREFERENCE_VALUES:
        values["preference"] = PREFERENCE_VALUES[decision.preference]
    return [{**common, "criterion": name, "value": value} for name, value in values.items()]


def _inclusion(connection: Connection, item: Row[Any]) -> float:
    """Over several plans with one seed the union's probability is the largest."""
    unit, run = schema.selection_unit, schema.selection_run
    joined = select(func.max(unit.c.pi)).join_from(unit, run, run.c.id == unit.c.selection_run_id)
    same = and_(run.c.queue_id == item.queue_id, unit.c.subject_sha256 == item.subject_sha256)
    return float(connection.execute(joined.where(same)).scalar_one())


def split_of(family: str) -> Literal["calibration", "test", "regression"]:
    """Which use a label may serve, by the hash of its scenario family: families never straddle splits."""
    part = sha256(family.encode()).digest()[0] / 256
    return "calibration" if part < 0.4 else "test" if part < 0.8 else "regression"
