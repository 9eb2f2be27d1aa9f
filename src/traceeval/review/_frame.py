"""A frame with what people have said of it so far, as estimates need it: one row a unit, in the order it was stored."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Connection, Row, and_, func, select

from traceeval.errors import NotFound
from traceeval.measures.sampling import closed_until
from traceeval.review import schema

State = Literal["not_drawn", "open", "unanswered", "answered"]
UNANSWERED = ("indeterminate", "withdrawn", "blocked")


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """One trace of the frame.

    ``pi``: its inclusion probability over all plans of the queue with this seed, in interim work that of the closed
    prefix; ``must_see``: it is worked before the rest, by risk; ``state``: ``unanswered`` is closed without a label;
    ``decision`` only where it is answered.
    """

    subject: str
    stratum: str
    lang: str | None
    slices: Mapping[str, str]
    pi: float
    u: float
    must_see: bool
    score: float | None
    level: float
    state: State
    decision: Row[Any] | None = None


@dataclass(frozen=True, slots=True)
class Frame:
    """``run``: the row of its selection; ``number``: counts the queue's frames from 1; ``units``: all."""

    run: Row[Any]
    number: int
    units: tuple[Unit, ...]

    @property
    def missing(self) -> int:
        """How many units a draw that was interrupted left unread, at most."""
        return 0 if self.run.read_at is not None else max(0, int(self.run.frame_size) - len(self.units))

    @property
    def open(self) -> int:
        """How many drawn units are not closed."""
        return sum(unit.state == "open" for unit in self.units)

    @property
    def must_see_open(self) -> int:
        """How many of them must be seen before anything is known."""
        return sum(unit.state == "open" and unit.must_see for unit in self.units)


def frame_of(connection: Connection, queue: Row[Any], number: int | None = None) -> Frame:
    """A frame of a queue by its number, the latest when none is named.

    Raises:
        NotFound: the queue has no such frame.
    """
    row, counted = run_of(connection, queue, number)
    states, decided = states_of(connection, queue.id), _decisions(connection, queue.id)
    chances, first = _chances(connection, row), _worked_first(connection, queue.id)
    unit = schema.selection_unit
    rows = connection.execute(select(unit).where(unit.c.selection_run_id == row.id).order_by(unit.c.id))
    return Frame(row, counted, tuple(_unit(one, chances[one.subject_sha256], first, states, decided) for one in rows))


def run_of(connection: Connection, queue: Row[Any], number: int | None = None) -> tuple[Row[Any], int]:
    """The selection behind a frame of a queue, and its number: frames of a queue are counted from 1.

    Raises:
        NotFound: the queue has no such frame.
    """
    run = schema.selection_run
    runs = connection.execute(select(run).where(run.c.queue_id == queue.id).order_by(run.c.id)).all()
    asked = len(runs) if number is None else number
    if not 1 <= asked <= len(runs):
        if number is None:
            raise NotFound(f"queue {queue.name!r} has no frame: nothing was drawn for it")
        raise NotFound(f"queue {queue.name!r} has no frame {number}: nothing was drawn for it")
    return runs[asked - 1], asked


def _worked_first(connection: Connection, queue_id: int) -> set[str]:
    """Subjects that are worked by risk, before the order of the draw begins (``select.work_order``)."""
    item = schema.item
    found = select(item.c.subject_sha256).where(item.c.queue_id == queue_id, item.c.kind == "review", item.c.rank < 0)
    return set(connection.execute(found).scalars())


def _chances(connection: Connection, run: Row[Any]) -> dict[str, float]:
    """The largest probability over the queue's plans with this seed: one permanent number, so their union has it."""
    table, unit = schema.selection_run, schema.selection_unit
    same = and_(table.c.queue_id == run.queue_id, table.c.seed == run.seed)
    joined = select(unit.c.subject_sha256, func.max(unit.c.pi)).join(table, table.c.id == unit.c.selection_run_id)
    return {sha: float(pi) for sha, pi in connection.execute(joined.where(same).group_by(unit.c.subject_sha256))}


def chances_of(connection: Connection, queue_id: int) -> dict[str, float]:
    """The inclusion probability of every subject of a queue, whatever drew it: 1 - the chance that no seed did.

    Seeds are independent; under one of them a subject has one permanent number, so the largest of its plans holds.
    """
    table, unit = schema.selection_run, schema.selection_unit
    joined = select(unit.c.subject_sha256, func.max(unit.c.pi)).join(table, table.c.id == unit.c.selection_run_id)
    by_seed = joined.where(table.c.queue_id == queue_id).group_by(unit.c.subject_sha256, table.c.seed)
    found: dict[str, float] = defaultdict(float)
    for sha, pi in connection.execute(by_seed):
        found[sha] += (1 - found[sha]) * float(pi)
    return found


def states_of(connection: Connection, queue_id: int) -> dict[str, str]:
    """The state of each subject's latest round."""
    item = schema.item
    found = select(item.c.subject_sha256, item.c.state).where(item.c.queue_id == queue_id, item.c.kind == "review")
    return dict(connection.execute(found.order_by(item.c.round, item.c.id)).all())


def _decisions(connection: Connection, queue_id: int) -> dict[str, Row[Any]]:
    """The latest decision of each subject."""
    decision, item = schema.decision, schema.item
    found = select(decision, item.c.subject_sha256).join(item, item.c.id == decision.c.item_id)
    chosen = found.where(item.c.queue_id == queue_id, item.c.kind == "review").order_by(decision.c.id)
    return {row.subject_sha256: row for row in connection.execute(chosen)}


def _unit(
    row: Row[Any], pi: float, first: Collection[str], states: Mapping[str, str], decided: Mapping[str, Row[Any]]
) -> Unit:
    decision, state = decided.get(row.subject_sha256), states.get(row.subject_sha256)
    return Unit(
        subject=row.subject_sha256,
        stratum=row.stratum,
        lang=row.lang,
        slices=row.slices or {},
        pi=pi,
        u=float(row.u),
        must_see=row.subject_sha256 in first,
        score=row.judge_score,
        level=float(row.level),
        state=_state(float(row.u) < pi, state, decision),
        decision=decision if state == "resolved" else None,
    )


def _state(drawn: bool, item: str | None, decision: Row[Any] | None) -> State:
    if not drawn:
        return "not_drawn"
    if item in UNANSWERED:
        return "unanswered"
    return "answered" if item == "resolved" and decision is not None and decision.outcome == "decided" else "open"


def reach(frame: Frame) -> dict[str, float]:
    """How far work has come in each stratum, 0..1: below it the closed units are a sample of their own."""
    waiting: dict[str, list[float]] = {unit.stratum: [] for unit in frame.units}
    for unit in frame.units:
        if unit.state == "open":
            waiting[unit.stratum].append(unit.u / unit.pi)
    return {stratum: closed_until(ranks) for stratum, ranks in waiting.items()}
