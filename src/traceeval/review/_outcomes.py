"""What was settled, read back: for those who learn from decisions. Nothing of who said it leaves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select

from traceeval.review import schema
from traceeval.review._frame import chances_of
from traceeval.review._rows import queue_row
from traceeval.review.store import Store


@dataclass(frozen=True, slots=True)
class Outcome:
    """A settled item: its subject, its scenario family, the flags people raised, and its chance to be seen."""

    sha256: str
    family: str
    flags: tuple[str, ...]
    pi: float


def outcomes(store: Store, queue: str) -> Iterator[Outcome]:
    """The latest decision of every settled item of a queue; those left open for lack of agreement are none.

    Raises:
        NotFound: there is no such queue.
    """
    decision, item = schema.decision, schema.item
    with store.read() as connection:
        row = queue_row(connection, queue)
        later = select(decision.c.supersedes).where(decision.c.supersedes.is_not(None))
        found = connection.execute(
            select(item.c.subject_sha256, item.c.family, decision.c.flags)
            .join(item, item.c.id == decision.c.item_id)
            .where(item.c.queue_id == row.id, decision.c.outcome == "decided", decision.c.id.not_in(later))
            .order_by(decision.c.id)
        ).all()
        chances = chances_of(connection, row.id)
    latest = {sha: Outcome(sha, family, tuple(flags), float(chances.get(sha, 1.0))) for sha, family, flags in found}
    return iter(latest.values())
