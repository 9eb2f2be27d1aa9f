"""Preferences of settled pairs as plain rows, person by person: what one audience said is never mixed with another's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, select

from traceeval.model import Author, PreferenceRow
from traceeval.review import schema
from traceeval.review._rows import queue_row
from traceeval.review.settled import authors_of
from traceeval.review.store import Store

_SETTLED = ("resolved", "indeterminate")
_PAIR = 2


def preferences(store: Store, queues: Sequence[str]) -> Iterator[PreferenceRow]:
    """A row for every standing preference on an item that is settled; items still open stay blind.

    An audience is a queue: its own name for it, or the queue's where several queues are read. Reviewers are numbers.

    Raises:
        NotFound: there is no such queue.
    """
    found: list[PreferenceRow] = []
    with store.read() as connection:
        for name in queues:
            queue = queue_row(connection, name)
            audience = queue.audience or (name if len(queues) > 1 else "")
            authors: dict[str, tuple[Author, ...]] = {}
            for one in _verdicts(connection, queue.id):
                if one.subject_sha256 not in authors:
                    authors[one.subject_sha256] = authors_of(connection, one.subject_sha256)
                if len(authors[one.subject_sha256]) == _PAIR:
                    found.append(_row(one, audience, authors[one.subject_sha256]))
    return iter(found)


def _verdicts(connection: Connection, queue_id: int) -> Iterator[Row[Any]]:
    """Blind verdicts of the round with a preference, whose slots stand."""
    verdict, slot, item = schema.verdict, schema.slot, schema.item
    named = (
        verdict.c.body,
        verdict.c.reviewer_id,
        slot.c.swapped,
        item.c.subject_sha256,
        item.c.family,
        item.c.lang,
    )
    joined = (
        select(*named)
        .join(slot, slot.c.id == verdict.c.slot_id)
        .join(item, item.c.id == verdict.c.item_id)
        .where(
            item.c.queue_id == queue_id,
            item.c.kind == "review",
            item.c.state.in_(_SETTLED),
            slot.c.kind == "review",
            slot.c.state == "submitted",
        )
    )
    rows: list[Row[Any]] = list(connection.execute(joined.order_by(verdict.c.id)))
    return (row for row in rows if row.body.get("preference") is not None)


def _row(one: Row[Any], audience: str, pair: tuple[Author, ...]) -> PreferenceRow:
    a, b = pair
    return PreferenceRow(
        subject=one.subject_sha256,
        cluster=one.family,
        reviewer=f"reviewer {one.reviewer_id}",
        preference=one.body["preference"],
        a=a,
        b=b,
        audience=audience,
        language=one.lang or "",
        first="b" if one.swapped else "a",
        marks=_marks(one.body["marks"]),
        preferred=one.body.get("preferred", {}),
    )


def _marks(marks: Mapping[str, int]) -> dict[str, tuple[int, int]]:
    """``a:tone`` and ``b:tone`` as one pair of marks, where both were given."""
    names = (name.partition(":")[2] for name in marks if name.startswith("a:"))
    return {name: (marks[f"a:{name}"], marks[f"b:{name}"]) for name in names if f"b:{name}" in marks}
