"""What people settled as wrong, for those who make scenarios of it: the trace, what was said, and which steps they blamed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, select

from traceeval.model import Trace
from traceeval.review import schema
from traceeval.review._rows import traces_of
from traceeval.review.settled import labels
from traceeval.review.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """One of them. ``trace``: redacted. ``blamed``: spans that the adjudicator blamed, or that all who agreed did."""

    trace: Trace
    note: str
    blamed: frozenset[str]


def failures(store: Store, queue: str) -> Iterator[Failure]:
    """Everything whose marks do not all pass, or that people flagged.

    Pairs are left out (which of two was wrong a preference does not say), and traces whose text was erased.

    Raises:
        NotFound: there is no such queue.
    """
    told: dict[str, dict[str, None]] = {}
    for row in labels(store, queue):
        if row.mark is not None and row.mark < row.passes:
            told.setdefault(row.subject, {})[f"{row.criterion} {row.mark:g}, {row.passes:g} passes"] = None
        if row.flags:
            told.setdefault(row.subject, {})[f"flagged {', '.join(row.flags)}"] = None
    table = schema.subject
    with store.read() as connection:
        rows = connection.execute(select(table).where(table.c.sha256.in_(list(told)), table.c.parts == 1))
        found = [
            Failure(
                trace=traces_of(row)[0],
                note=f"people: {'; '.join(told[row.sha256])}",
                blamed=_blamed(connection, row.sha256),
            )
            for row in sorted(rows, key=lambda row: str(row.sha256))
        ]
    return iter(found)


def _blamed(connection: Connection, subject: str) -> frozenset[str]:
    decision, item, verdict = schema.decision, schema.item, schema.verdict
    of_subject = select(decision).join(item, item.c.id == decision.c.item_id).where(item.c.subject_sha256 == subject)
    latest: Row[Any] | None = connection.execute(of_subject.order_by(decision.c.id.desc())).first()
    if latest is None:
        return frozenset()
    decisive = latest.verdicts[-1:] if latest.method == "adjudicated" else latest.verdicts
    bodies = connection.execute(select(verdict.c.body).where(verdict.c.uuid.in_(decisive))).scalars()
    blamed = [frozenset(body["blame"]) for body in bodies]
    return frozenset.intersection(*blamed) if blamed else frozenset()
