"""What may be said of a queue without unblinding anybody."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Row, and_, func, select

from traceeval.errors import Refused, Withdrawn
from traceeval.model import Trace
from traceeval.review import schema
from traceeval.review._counts import by_state, first_expiry, items_told, slots_told, stand_ins
from traceeval.review._rows import Shown, Stranger, item_row, queue_of, queue_row, reader, setting, shown
from traceeval.review._words import words
from traceeval.review.drafts import kept
from traceeval.review.openings import openings
from traceeval.review.pairs import blinded
from traceeval.review.queue import at_stage, held_by, kind_shown, unscored
from traceeval.review.steps import stage_of
from traceeval.review.store import Store

_SETTLED = ("resolved", "indeterminate")


@dataclass(frozen=True, slots=True)
class Held:
    """A lease of mine."""

    slot: int
    item: int
    fence: int
    kind: str
    left_s: float


@dataclass(frozen=True, slots=True)
class Status:
    """Items by state (each subject once, in its latest round), slots by state, and the size of the frames behind them.

    For a person: how many subjects a claim could give them (``to_calibrate`` and ``to_qualify`` of these for a round and
    a qualification), ``why`` none, what they hold, and drafts of slots they lost.
    """

    queue: str
    items: Mapping[str, int]
    slots: Mapping[str, int]
    frame: int
    next_expiry_s: float | None
    open_for_me: int = 0
    to_calibrate: int = 0
    to_qualify: int = 0
    why: str | None = None
    mine: tuple[Held, ...] = ()
    drafts: tuple[tuple[int, Mapping[str, Any]], ...] = ()


def status(store: Store, queue: str, handle: str | None = None, kinds: Collection[str] | None = None) -> Status:
    """Counts of a queue, and what one person may take and holds. ``kinds``: of slots they may be given; None: any.

    For a person the counts are the same whether a slot that is held is gold or not; without one they are the true ones.
    """
    with store.read() as connection:
        me = reader(connection, handle) if handle else None
        row, now = queue_row(connection, queue), store.now(connection)
        instead = stand_ins(connection, row, now) if me else []
        unit, run = schema.selection_unit, schema.selection_run
        frame = select(func.count(unit.c.subject_sha256.distinct())).join(run, run.c.id == unit.c.selection_run_id)
        return Status(
            queue,
            items_told(connection, row.id, instead) if me else by_state(connection, schema.item, row.id),
            slots_told(connection, row.id, instead) if me else by_state(connection, schema.slot, row.id),
            connection.execute(frame.where(run.c.queue_id == row.id)).scalar_one(),
            first_expiry(connection, row.id, now),
            *(_for(connection, row, me, now, kinds, instead) if me else ()),
        )


def _for(
    connection: Connection,
    queue: Row[Any],
    me: Row[Any] | Stranger,
    now: float,
    kinds: Collection[str] | None,
    instead: Sequence[Row[Any]],
) -> tuple[Any, ...]:
    could = openings(connection, queue, me, now, kinds, instead)
    held = tuple(
        Held(slot.id, slot.item_id, slot.fence, kind_shown(slot.kind), max(slot.lease_until - now, 0.0))
        for slot in held_by(connection, queue.id, me.id)
    )
    lost = kept(me.id).where(schema.slot.c.queue_id == queue.id).order_by(schema.draft.c.slot_id)
    drafts = tuple((row.slot_id, row.body) for row in connection.execute(lost) if row.body)
    return could.all, could.calibrate, could.qualify, could.why, held, drafts


@dataclass(frozen=True, slots=True)
class ItemView:
    """An item as one person may see it. ``verdicts`` and ``reasons`` are empty until they may be known.

    ``judge``: a judge's score as it was frozen at the draw, in queues that tell it, once I have judged; else None.
    """

    id: int
    state: str
    cause: str | None
    shown: Shown
    verdicts: tuple[dict[str, Any], ...] = ()
    reasons: tuple[tuple[str, str], ...] = ()
    decision: dict[str, Any] | None = None
    judge: float | None = None


def show(store: Store, item_id: int, handle: str) -> ItemView:
    """An item: why it was chosen once I have judged it, what others marked once it is settled.

    A round that is open again hides both, of the earlier round too, from whoever has not judged it; until then nothing
    names the systems of a pair. Scores of judges are told with the reasons, and only in queues that say so. Of what I am
    judging, in whichever queue, no item shows more than my slot does.

    Raises:
        NotFound: no such item.
        Withdrawn: it was taken out of review.
        Refused: my slot does not show it yet.
    """
    with store.read() as connection:
        me = reader(connection, handle).id
        item = item_row(connection, item_id)
        latest = _latest(connection, item)
        if "withdrawn" in (item.state, latest.state):
            raise Withdrawn(f"item {item_id} was withdrawn")
        view = shown(connection, item.subject_sha256)
        held = _held_of(connection, view, me)
        if held is not None:
            return _as_held(connection, item, view, *held, me)
        settled = latest.state in _SETTLED
        if not settled and not _judged(connection, latest.id, me):
            return ItemView(item.id, item.state, item.cause, at_stage(view, "judge"))
        reasons = tuple((str(rule), str(text)) for rule, text in item.reasons)
        told = setting(queue_of(connection, item), "show_judge")
        judge = _judge(connection, item) if told else None
        view = view if told else unscored(view)
        if not settled:
            return ItemView(item.id, item.state, item.cause, view, reasons=reasons, judge=judge)
        said, decision = _settled(connection, item_id)
        return ItemView(item.id, item.state, item.cause, view, said, reasons, decision, judge)


def _held_of(connection: Connection, view: Shown, me: int) -> tuple[Row[Any], Shown] | None:
    """A slot I may still submit that holds one of these traces, and what is judged there; a pair first: it shows less.

    Traces are compared as pairs show them: those of a pair have no digest of their own, and gold may be a copy.
    """
    slot, subject, traces = schema.slot, schema.subject, _blinded(view)
    everywhere = slot.c.queue_id.in_(select(schema.queue.c.id))  # the index of holders begins with the queue
    live = and_(everywhere, slot.c.last_holder == me, slot.c.state.in_(("open", "leased")))
    stored = select(slot).join(subject, subject.c.sha256 == slot.c.subject_sha256)
    found = (
        (row, shown(connection, row.subject_sha256, swapped=row.swapped))
        for row in connection.execute(stored.where(live))
    )
    mine = [(row, whole) for row, whole in found if any(one in traces for one in _blinded(whole))]
    return max(mine, key=lambda one: len(one[1].traces), default=None)


def _as_held(connection: Connection, item: Row[Any], view: Shown, slot: Row[Any], whole: Shown, me: int) -> ItemView:
    """Of an item what a slot of mine shows now: its traces only, and the state every item has that is being judged."""
    traces, seen = _blinded(view), at_stage(whole, stage_of(connection, slot, queue_of(connection, slot), me))
    told = [one for one in seen.traces if blinded(one) in traces]
    if not told:
        raise Refused(f"item {item.id} is part of what you are judging; look at it once you have submitted")
    state = "adjudicating" if slot.kind == "adjudicate" else "in_review"
    return ItemView(item.id, state, None, replace(view, trace=told[0], other=told[1] if told[1:] else None))


def _blinded(view: Shown) -> list[Trace]:
    return [blinded(one) for one in view.traces]


def _judge(connection: Connection, item: Row[Any]) -> float | None:
    """A judge's score of a subject, as the latest draw that froze one has it."""
    unit, run = schema.selection_unit, schema.selection_run
    mine = (run.c.queue_id == item.queue_id, unit.c.subject_sha256 == item.subject_sha256)
    frozen = select(unit.c.judge_score).join(run, run.c.id == unit.c.selection_run_id)
    known = frozen.where(*mine, unit.c.judge_score.is_not(None)).order_by(unit.c.id.desc()).limit(1)
    return connection.execute(known).scalar()


def _latest(connection: Connection, item: Row[Any]) -> Row[Any]:
    table = schema.item
    same = and_(table.c.queue_id == item.queue_id, table.c.subject_sha256 == item.subject_sha256)
    return connection.execute(select(table).where(same).order_by(table.c.round.desc()).limit(1)).one()


def _judged(connection: Connection, item_id: int, reviewer_id: int) -> bool:
    table = schema.verdict
    said = and_(table.c.item_id == item_id, table.c.reviewer_id == reviewer_id)
    return connection.execute(select(table.c.id).where(said)).first() is not None


def _settled(connection: Connection, item_id: int) -> tuple[tuple[dict[str, Any], ...], dict[str, Any] | None]:
    """Every verdict without its author, and the Decision."""
    verdict, decision = schema.verdict, schema.decision
    rows = connection.execute(select(verdict).where(verdict.c.item_id == item_id).order_by(verdict.c.uuid)).all()
    said = tuple({**row.body, **words(connection, row.uuid)} for row in rows)
    last = select(decision).where(decision.c.item_id == item_id).order_by(decision.c.id.desc()).limit(1)
    made = connection.execute(last).first()
    names = ("method", "outcome", "marks", "flags", "cause", "unreplicated")
    return said, {name: made._mapping[name] for name in names} if made else None
