"""What people settled as wrong, for those who make scenarios of it: the trace, what was said, and which steps they blamed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, select

from traceeval.model import PeopleRow, Trace
from traceeval.review import schema
from traceeval.review._rows import traces_of
from traceeval.review.settled import labels
from traceeval.review.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """One of them. ``trace``: redacted. ``blamed``: spans that the adjudicator blamed, or that all who agreed did.

    ``decision``: its id; ``marks``: criterion -> the mark it was settled at; ``passes``: criterion -> the mark that passes.
    """

    trace: Trace
    note: str
    blamed: frozenset[str]
    decision: int
    marks: Mapping[str, float]
    passes: Mapping[str, float]


def failures(store: Store, queue: str) -> Iterator[Failure]:
    """Everything whose marks do not all pass, or that people flagged.

    Pairs are left out (which of two was wrong a preference does not say), and traces whose text was erased.

    Raises:
        NotFound: there is no such queue.
    """
    told: dict[str, dict[str, None]] = {}
    marked: dict[str, list[PeopleRow]] = {}
    for row in labels(store, queue):
        marked.setdefault(row.subject, []).append(row)
        if row.mark is not None and row.mark < row.passes:
            told.setdefault(row.subject, {})[f"{row.criterion} {row.mark:g}, {row.passes:g} passes"] = None
        if row.flags:
            told.setdefault(row.subject, {})[f"flagged {', '.join(row.flags)}"] = None
    table = schema.subject
    with store.read() as connection:
        rows = connection.execute(select(table).where(table.c.sha256.in_(list(told)), table.c.parts == 1))
        found = [
            _failure(connection, row, f"people: {'; '.join(told[row.sha256])}", marked[row.sha256])
            for row in sorted(rows, key=lambda row: str(row.sha256))
        ]
    return iter(found)


def _failure(connection: Connection, subject: Row[Any], note: str, rows: Sequence[PeopleRow]) -> Failure:
    decision = _decided(connection, subject.sha256)
    return Failure(
        trace=traces_of(subject)[0],
        note=note,
        blamed=_blamed(connection, decision),
        decision=int(decision.id),
        marks={row.criterion: row.mark for row in rows if row.mark is not None},
        passes={row.criterion: row.passes for row in rows if row.mark is not None},
    )


def _decided(connection: Connection, subject: str) -> Row[Any]:
    """The latest decision on a subject that has labels, so that there is one."""
    decision, item = schema.decision, schema.item
    of_subject = select(decision).join(item, item.c.id == decision.c.item_id).where(item.c.subject_sha256 == subject)
    return connection.execute(of_subject.order_by(decision.c.id.desc()).limit(1)).one()


def _blamed(connection: Connection, latest: Row[Any]) -> frozenset[str]:
    verdict = schema.verdict
    decisive = latest.verdicts[-1:] if latest.method == "adjudicated" else latest.verdicts
    bodies = connection.execute(select(verdict.c.body).where(verdict.c.uuid.in_(decisive))).scalars()
    blamed = [frozenset(body["blame"]) for body in bodies]
    return frozenset.intersection(*blamed) if blamed else frozenset()
