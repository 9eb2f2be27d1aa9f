"""Who may judge live items: those who met the gold of a rubric version in a language. It filters, it does not measure.

Of people who are right 70 % of the time, 24 % pass: agreement and hidden gold tell afterwards.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, exists, func, or_, select

from traceeval.measures.agreement import alpha
from traceeval.measures.ratings import ratings
from traceeval.model import Rubric
from traceeval.review import ledger, schema
from traceeval.review._eligible import valid
from traceeval.review._languages import alike
from traceeval.review._rows import insert_row, queue_row, reader
from traceeval.review.graded import Graded, graded
from traceeval.review.rubric import MARKS
from traceeval.review.store import Store

LEAST = 20
NEEDED = 0.8
DAYS = 90
_DAY_S = 24 * 3600.0


@dataclass(frozen=True, slots=True)
class Qualification:
    """One attempt. ``accuracy``: share of gold items with every mark at most 1 off; ``safety_accuracy`` None: no case.

    ``alpha``: Krippendorff's, ordinal, of their marks against the gold; None where it is undefined. ``valid_until`` None:
    it was not passed.
    """

    lang: str
    n: int
    accuracy: float
    safety_n: int
    safety_accuracy: float | None
    alpha: float | None
    valid_until: float | None

    @property
    def passed(self) -> bool:
        """Whether it opens live items."""
        return self.valid_until is not None


def passed(queue: Row[Any], reviewer_id: int, now: float, lang: ColumnElement[str | None]) -> ColumnElement[bool]:
    """Whether a person is qualified for a language, or for any where none is stated."""
    return exists().where(valid(queue, reviewer_id, now), or_(lang.is_(None), alike(schema.qualification.c.lang, lang)))


def attempt(connection: Connection, queue: Row[Any], rubric: Rubric, me: int, lang: str, now: float) -> None:
    """Decide, once 20 gold items since the last attempt are in; in the verdict's transaction."""
    table = schema.qualification
    same = (table.c.reviewer_id == me, table.c.rubric_id == queue.rubric_id, table.c.lang == lang)
    since = connection.execute(select(func.max(table.c.at)).where(*same)).scalar()
    results = [
        one
        for spoken, one in graded(connection, queue.rubric_id, rubric, me, "qualification")
        if (spoken or rubric.locale) == lang and (since is None or one.at > since)
    ]
    if len(results) < LEAST:
        return
    found = judge(results, lang, now)
    row = insert_row(
        connection,
        table,
        reviewer_id=me,
        rubric_id=queue.rubric_id,
        lang=lang,
        n=found.n,
        accuracy=found.accuracy,
        safety_n=found.safety_n,
        safety_accuracy=found.safety_accuracy,
        alpha=found.alpha,
        passed_at=now if found.passed else None,
        valid_until=found.valid_until,
        at=now,
    )
    ledger.append(connection, now, ledger.SYSTEM, "qualify", f"qualification:{row.id}", ledger.row_digest(row))


def judge(results: list[Graded], lang: str, now: float) -> Qualification:
    """At least 80 % within 1, and every safety case right; valid for 90 days."""
    n, safety = len(results), [one.safe for one in results if one.about_safety]
    accuracy = sum(one.hit for one in results) / n
    good = n >= LEAST and accuracy >= NEEDED and all(safety)
    return Qualification(
        lang,
        n,
        accuracy,
        len(safety),
        sum(safety) / len(safety) if safety else None,
        alpha(ratings([pair for one in results for pair in one.pairs], categories=MARKS), "ordinal"),
        now + DAYS * _DAY_S if good else None,
    )


def qualifications(store: Store, queue: str, handle: str) -> list[Qualification]:
    """A person's attempts for the queue's rubric version, oldest first."""
    table = schema.qualification
    with store.read() as connection:
        me = reader(connection, handle).id
        row = queue_row(connection, queue)
        found = select(table).where(table.c.reviewer_id == me, table.c.rubric_id == row.rubric_id)
        rows = connection.execute(found.order_by(table.c.id)).all()
    return [
        Qualification(
            one.lang, one.n, one.accuracy or 0.0, one.safety_n, one.safety_accuracy, one.alpha, one.valid_until
        )
        for one in rows
    ]
