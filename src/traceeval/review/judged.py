"""What an automated judge thought of traces before people did, beside what people settled. Read-only."""

from __future__ import annotations

from sqlalchemy import and_, func, select

from traceeval.review import schema
from traceeval.review._rows import queue_row
from traceeval.review.rubric import rubric_of
from traceeval.review.store import Store

Pair = tuple[float, bool]


def judge_pairs(store: Store, queue: str) -> list[Pair]:
    """(the judge's score as frozen at the draw, whether people passed it) of every settled trace that has one.

    Passed: every mark of the latest decision reaches its pass mark, and no flag is up.

    Raises:
        NotFound: there is no such queue.
    """
    decision, item, unit, run = schema.decision, schema.item, schema.selection_unit, schema.selection_run
    later = select(decision.c.supersedes).where(decision.c.supersedes.is_not(None))
    with store.read() as connection:
        row = queue_row(connection, queue)
        passes = {criterion.name: criterion.passes for criterion in rubric_of(connection, row)[0].criteria}
        score = (
            select(func.max(unit.c.judge_score))
            .join(run, run.c.id == unit.c.selection_run_id)
            .where(run.c.queue_id == row.id, unit.c.subject_sha256 == item.c.subject_sha256)
            .scalar_subquery()
        )
        stands = and_(item.c.queue_id == row.id, decision.c.outcome == "decided", decision.c.id.not_in(later))
        found = select(score.label("score"), decision.c.marks, decision.c.flags)
        rows = connection.execute(found.join(item, item.c.id == decision.c.item_id).where(stands)).all()
    return [
        (float(one.score), not one.flags and all(mark >= passes.get(name, 1) for name, mark in one.marks.items()))
        for one in rows
        if one.score is not None
    ]
