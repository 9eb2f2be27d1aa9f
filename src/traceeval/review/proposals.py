"""Wordings somebody proposes for a rubric: from a calibration round, or because a dispute showed a gap in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, select, update

from traceeval.errors import NotFound, Refused
from traceeval.review import ledger, schema
from traceeval.review._rows import insert_row, person
from traceeval.review.store import Store

GAP = "guideline_gap"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A wording to think about. ``decision``: the dispute that showed the gap; ``became``: the version that took it up."""

    id: int
    rubric: int
    criterion: str | None
    score: int | None
    wording: str | None
    why: str
    state: str
    decision: int | None
    became: int | None


def from_decision(connection: Connection, item: Row[Any], queue: Row[Any], cause: str | None, now: float) -> int | None:
    """The proposal a decision opens; None unless it was decided for lack of a guideline."""
    if cause != GAP:
        return None
    why = f"item {item.id} could not be settled by the wording"
    values = {"rubric_id": queue.rubric_id, "why": why, "state": "open", "at": now}
    return int(insert_row(connection, schema.rubric_proposal, **values).id)


def propose(
    store: Store,
    rubric_id: int,
    handle: str,
    *,
    criterion: str,
    score: int | None,
    wording: str,
    why: str,
    calibration_round: int | None = None,
) -> int:
    """Propose a wording for a mark, or for the question (``score`` None); the proposal's id.

    Raises:
        NotFound: no such rubric.
        Refused: no wording, no reason, or no such criterion.
    """
    if len(wording.strip()) < 5 or len(why.strip()) < 5:
        raise Refused("a proposal needs its wording and why, each of at least 5 characters")
    if score is not None and score not in (1, 2, 3, 4, 5):
        raise Refused(f"a mark is 1..5, not {score}")

    def add(connection: Connection) -> int:
        now, table = store.now(connection), schema.rubric
        me = person(connection, handle, now)
        body = connection.execute(select(table.c.body).where(table.c.id == rubric_id)).scalar()
        if body is None:
            raise NotFound(f"no rubric {rubric_id}")
        names = [one["name"] for one in body["criteria"]]
        if criterion not in names:
            raise Refused(f"the rubric has no criterion {criterion!r}; it has {', '.join(names)}")
        said = {"criterion": criterion, "score": score, "wording": wording.strip(), "why": why.strip()}
        where = {"rubric_id": rubric_id, "calibration_round_id": calibration_round, "reviewer_id": me.id}
        row = insert_row(connection, schema.rubric_proposal, **said, **where, state="open", at=now)
        ledger.append(connection, now, me.handle, "propose", f"rubric_proposal:{row.id}", ledger.row_digest(row))
        return int(row.id)

    return store.transact(add)


def resolve(store: Store, proposal: int, handle: str, *, became: int | None = None) -> None:
    """Close a proposal: taken up by the rubric version ``became``, or rejected (None).

    Raises:
        Refused: it is closed already.
    """

    def close(connection: Connection) -> None:
        now, table = store.now(connection), schema.rubric_proposal
        me = person(connection, handle, now)
        state = "rejected" if became is None else "accepted"
        still = (table.c.id == proposal, table.c.state == "open")
        if connection.execute(update(table).where(*still).values(state=state, became=became)).rowcount != 1:
            raise Refused(f"proposal {proposal} is not open")
        content = ledger.digest([proposal, state, became])
        ledger.append(connection, now, me.handle, state, f"rubric_proposal:{proposal}", content)

    store.transact(close)


def proposals(store: Store, name: str) -> list[Proposal]:
    """Everything proposed for the versions of a rubric, oldest first."""
    table, rubric = schema.rubric_proposal, schema.rubric
    decision = schema.decision
    found = select(table, decision.c.id.label("dispute")).join(rubric, rubric.c.id == table.c.rubric_id)
    found = found.outerjoin(decision, decision.c.rubric_proposal == table.c.id).where(rubric.c.name == name)
    with store.read() as connection:
        rows = connection.execute(found.order_by(table.c.id)).all()
    return [
        Proposal(
            row.id,
            row.rubric_id,
            row.criterion,
            row.score,
            row.wording,
            row.why,
            row.state,
            row.dispute,
            row.became,
        )
        for row in rows
    ]
