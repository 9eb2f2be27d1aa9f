"""What a claim would give a person now, and why nothing: by the rules the claim goes by, so that none is told otherwise."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Row, func, select

from traceeval.errors import Refused
from traceeval.review import gold, rounds, schema
from traceeval.review._eligible import eligible, no_stand_in, valid, why_none
from traceeval.review._rows import Stranger, setting
from traceeval.review.admission import kinds_for, pause


@dataclass(frozen=True, slots=True)
class Openings:
    """Subjects a claim could give: of a calibration round, to qualify, and the work itself. ``why``: why none."""

    calibrate: int = 0
    qualify: int = 0
    work: int = 0
    why: str | None = None

    @property
    def all(self) -> int:
        """Subjects of every kind."""
        return self.calibrate + self.qualify + self.work


def openings(
    connection: Connection,
    queue: Row[Any],
    me: Row[Any] | Stranger,
    now: float,
    kinds: Collection[str] | None = None,
    instead: Sequence[Row[Any]] = (),
) -> Openings:
    """What is open for a person. ``kinds``: of slots the caller may be given; None: any.

    ``instead``: slots that count as held, in place of gold that is (``_counts.stand_ins``).
    """
    try:
        may = kinds_within(connection, queue, me, kinds)
    except Refused as refusal:
        return Openings(why=str(refusal))
    why = pause(connection, queue, me, now)
    if why is not None:
        return Openings(why=why)
    found = _count(connection, queue, me, now, may, instead)
    return found if found.all else replace(found, why=unready(connection, queue, me, now, may))


def _count(
    connection: Connection,
    queue: Row[Any],
    me: Row[Any] | Stranger,
    now: float,
    kinds: frozenset[str],
    instead: Sequence[Row[Any]],
) -> Openings:
    judges = "review" in kinds
    calibrate = rounds.waiting(connection, queue, me) if judges else 0
    if queue.rubric_frozen_at is None:
        return Openings(calibrate)
    left = eligible(queue, me, now, kinds).where(no_stand_in(instead, me.id))
    subjects = func.count(schema.slot.c.subject_sha256.distinct())
    work = connection.execute(left.with_only_columns(subjects)).scalar_one()
    if not judges:
        return Openings(work=work)
    return Openings(
        calibrate,
        gold.waiting(connection, queue, me, now),
        work
        or int(gold.comes_next(connection, queue, me, now)),  # hidden gold is one more of the same, or nobody's clue
    )


def kinds_within(
    connection: Connection, queue: Row[Any], me: Row[Any] | Stranger, kinds: Collection[str] | None
) -> frozenset[str]:
    """The kinds of slots a person may take, of those the caller may be given.

    Raises:
        Refused: they may take none in this project.
    """
    return kinds_for(connection, queue, me) & {*(kinds if kinds is not None else ("review", "adjudicate"))}


def unready(
    connection: Connection, queue: Row[Any], me: Row[Any] | Stranger, now: float, kinds: Collection[str]
) -> str | None:
    """Why there is nothing for a person, in words; None: there was something a moment ago."""
    if queue.rubric_frozen_at is None:
        return "the rubric is not frozen yet: it serves calibration rounds only"
    if setting(queue, "qualification"):
        known = select(schema.qualification.c.id).where(valid(queue, me.id, now)).limit(1)
        if connection.execute(known).first() is None:
            return "you are not qualified for this rubric version yet, and no more gold is left to you"
    return why_none(connection, queue, me, now, kinds)
