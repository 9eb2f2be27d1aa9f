"""A lead's word, on record, that a gate may go without people who agree on a criterion (review.md section 11)."""

from __future__ import annotations

from sqlalchemy import Connection, Row, select

from traceeval.errors import Refused
from traceeval.review import schema
from traceeval.review._rows import queue_row
from traceeval.review.lead import act
from traceeval.review.rubric import rubric_of
from traceeval.review.store import Store

PREFERENCE = "preference"


def waive(store: Store, queue: str, about: str, handle: str, reason: str) -> None:
    """Put it on record for one criterion, flag or the preference, under the queue's present rubric version only.

    Raises:
        NotFound: there is no such queue.
        Refused: its rubric asks no such thing, or no reason is given.
    """

    def record(connection: Connection) -> None:
        row = queue_row(connection, queue)
        rubric, _ = rubric_of(connection, row)
        asked = [*(criterion.name for criterion in rubric.criteria), *rubric.flags, PREFERENCE]
        if about not in asked:
            raise Refused(f"queue {queue!r} asks nothing named {about!r}; it asks {', '.join(asked)}")
        act(store, connection, "waive", f"{_place(row)}{about}", handle, reason, alone=True)

    store.transact(record)


def waived(store: Store, queue: str) -> dict[str, str]:
    """What stands on record, with its reason, under the queue's present rubric version.

    Raises:
        NotFound: there is no such queue.
    """
    table = schema.lead_action
    with store.read() as connection:
        place = _place(queue_row(connection, queue))
        found = select(table.c.about, table.c.reason).where(table.c.action == "waive")
        mine = found.where(table.c.about.startswith(place, autoescape=True)).order_by(table.c.id)
        return {about.removeprefix(place): reason for about, reason in connection.execute(mine)}


def _place(queue: Row[object]) -> str:
    return f"queue:{queue.id}/rubric:{queue.rubric_id}/"
