"""What lies on a reviewer's desk: a slot they hold, with what they wrote so far; and the queues they may work in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Row, and_, select

from traceeval.errors import LeaseLost, NotFound, Withdrawn
from traceeval.model import Rubric
from traceeval.review import schema
from traceeval.review._rows import Shown, item_row, queue_of, reader, shown, slot_row
from traceeval.review._words import words
from traceeval.review.adjudicate import disputed
from traceeval.review.drafts import draft_before, draft_of
from traceeval.review.pairs import PAIR_MODES, SIDES, unswapped
from traceeval.review.queue import at_stage, kind_shown
from traceeval.review.rubric import read_stored, rubric_for
from traceeval.review.steps import ALONE, Stage, stage_of, step_of
from traceeval.review.store import Store
from traceeval.review.subjects import warnings_of
from traceeval.review.submit import blind_step


@dataclass(frozen=True, slots=True)
class Desk:
    """A slot and what is judged there. ``mine``: it is leased to me now; else it may not be shown.

    ``draft``: what I saved, here or of this item on a slot I lost, empty when nothing; ``blind``: whether my blind
    verdict of an adjudication is stored.
    ``stage``: what is asked now, and ``shown`` what may be seen for it; ``alone``: my stored marks of the left (``a``)
    and the right response of a protocol; ``warnings``: what the item holds.
    """

    slot: int
    item: int
    mine: bool
    queue: str
    project: str
    mode: str
    kind: str
    fence: int
    left_s: float
    lang: str | None
    safety: bool
    shown: Shown
    rubric: Rubric
    draft: Mapping[str, Any]
    blind: bool
    stage: Stage = "judge"
    warnings: tuple[str, ...] = ()
    alone: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def pair(self) -> bool:
        """Whether two responses are compared here."""
        return self.mode in PAIR_MODES


def desk(store: Store, slot_id: int, handle: str, *, held: bool = True) -> Desk:
    """A slot, read anew: no lease is taken or extended. ``held``: it must be mine now.

    Raises:
        NotFound: there is no such slot, or it was never mine.
        Withdrawn: its item was taken out of review.
        LeaseLost: I submitted it, or it was given back or taken since.
    """
    with store.read() as connection:
        me = reader(connection, handle).id
        slot = slot_row(connection, slot_id)
        item, queue = item_row(connection, slot.item_id), queue_of(connection, slot)
        mine = slot.reviewer_id == me and slot.state == "leased"
        if held and not mine:
            _refuse(connection, slot, item, me)
        rubric, _ = rubric_for(connection, queue, item)
        stage = stage_of(connection, slot, queue, me)
        return Desk(
            slot.id,
            item.id,
            mine,
            queue.name,
            queue.project,
            queue.mode,
            kind_shown(slot.kind),
            slot.fence,
            max((slot.lease_until or 0.0) - store.now(connection), 0.0),
            item.lang,
            item.safety,
            at_stage(shown(connection, slot.subject_sha256, swapped=slot.swapped), stage),
            rubric,
            draft_of(connection, slot_id, me) or draft_before(connection, slot, queue, me),
            blind_step(connection, slot_id, me) is not None,
            stage,
            warnings_of(connection, slot.subject_sha256),
            dict(_alone(connection, slot, me)),
        )


def _alone(connection: Connection, slot: Row[Any], me: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """What I stored of each response, by the side it stands on."""
    for side, stored in zip(SIDES, reversed(SIDES) if slot.swapped else SIDES, strict=True):
        step = step_of(connection, slot.id, me, ALONE[stored])
        if step is not None:
            yield side, {**step.body, **words(connection, step.uuid)}


def _refuse(connection: Connection, slot: Row[Any], item: Row[Any], me: int) -> None:
    """Why a slot is not mine now."""
    had = slot.last_holder == me or bool(draft_of(connection, slot.id, me))
    if not had:
        raise NotFound(f"no slot {slot.id} of yours; claim one")
    if item.state == "withdrawn":
        raise Withdrawn(f"item {item.id} was withdrawn; claim another")
    raise LeaseLost(f"slot {slot.id} is no longer yours: it was submitted, given back or taken; claim again")


def said_before(store: Store, slot_id: int, handle: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """My blind verdict of an adjudication, and what the others said, de-identified.

    Raises:
        NotFound: I gave no blind verdict yet, so there is nothing I may see.
    """
    with store.read() as connection:
        table = schema.reviewer
        me = connection.execute(select(table.c.id).where(table.c.handle == handle)).scalar_one()
        step = blind_step(connection, slot_id, me)
        if step is None:
            raise NotFound(f"slot {slot_id}: judge the trace alone first")
        slot = slot_row(connection, slot_id)
        mine = {**unswapped(step.body, slot.swapped), **words(connection, step.uuid)}
        return mine, disputed(connection, slot.item_id, swapped=slot.swapped)


@dataclass(frozen=True, slots=True)
class QueueRow:
    """A queue by its name, project and mode, with its rubric's name and version."""

    name: str
    project: str
    mode: str
    rubric: str
    version: int


def queues(store: Store, projects: Iterable[str] | None = None) -> list[QueueRow]:
    """Queues by name. ``projects`` None: of every project."""
    queue, rubric = schema.queue, schema.rubric
    columns = (queue.c.name, queue.c.project, queue.c.mode, rubric.c.name, rubric.c.version)
    found = select(*columns).join(rubric, rubric.c.id == queue.c.rubric_id).order_by(queue.c.name)
    with store.read() as connection:
        rows = [_queue_row(row) for row in connection.execute(found)]
    wanted = None if projects is None else set(projects)
    return [row for row in rows if wanted is None or row.project in wanted]


def _queue_row(row: Any) -> QueueRow:
    return QueueRow(*row)


def rubric_version(store: Store, name: str, version: int) -> tuple[Rubric, str]:
    """A rubric by name and version, and its digest.

    Raises:
        NotFound: there is none.
    """
    table = schema.rubric
    with store.read() as connection:
        named = and_(table.c.name == name, table.c.version == version)
        row = connection.execute(select(table).where(named).order_by(table.c.id).limit(1)).first()
    if row is None:
        raise NotFound(f"no rubric {name} of version {version}")
    return read_stored(row), str(row.sha256)
