"""What the reviewed traces say of all traces of a frame, with every guard of review.md section 7.

Read-only. There is no plain mean: risky traces are over-sampled, so it would be wrong. While work goes on only the
closed prefix counts; what was closed without a label is counted, adjusted for, and bounded.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy import Connection, select

from traceeval.errors import Refused
from traceeval.measures.estimation import Floats
from traceeval.measures.unseen import Unseen, unseen
from traceeval.review import schema
from traceeval.review._answers import Asked, Systems, questions
from traceeval.review._frame import Frame, Unit, frame_of
from traceeval.review._rates import Closed, Rate, Reader, closed_prefix, slices_of
from traceeval.review._rows import queue_row
from traceeval.review.pairs import PAIR_MODES, SIDES
from traceeval.review.rubric import rubric_of
from traceeval.review.settled import authors_of
from traceeval.review.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimates:
    """A frame's outcomes. ``frame``: its number in the queue; ``interim``: work goes on, and only the closed prefix counts.

    ``score``: what was frozen, ``none`` where nothing is riskier than another. ``answered``, ``unanswered``, ``open``: of
    the drawn units; ``unreplicated``: answered by one person alone; ``harm``: bound on any flag among what nobody
    reviewed. ``waiting``: why there is no outcome yet; ``to_come``: the names of those there will be, also in slices
    (``any flag@lang=de``).
    """

    queue: str
    frame: int
    frame_sha256: str
    size: int
    drawn: int
    answered: int
    unanswered: int
    open: int
    interim: bool
    unreplicated: int
    score: str
    outcomes: tuple[Rate, ...]
    harm: Unseen | None
    waiting: str = ""
    to_come: tuple[str, ...] = ()


def estimates(store: Store, queue: str, *, frame: int | None = None, by: Sequence[str] = ()) -> Estimates:
    """Pass rate and mean mark of each criterion, and the rate of each flag, over a whole frame.

    Of pairs: the same over all responses where each was marked alone, and how often each system is preferred to another,
    ties being half and "both bad" told apart. ``frame``: its number in the queue, from 1; the latest when None.
    ``by``: slices by ``lang``, ``stratum`` or a field stored at the draw.

    Raises:
        NotFound: there is no such queue or frame.
        Refused: the queue grades documents; precision from a pool is estimated by ``precisions``.
    """
    with store.read() as connection:
        row = queue_row(connection, queue)
        if row.mode == "relevance":
            raise Refused(
                f"queue {queue!r} grades documents, of which no rate is estimated here: `traceeval queue export` writes "
                "the grades as gold, for `traceeval evaluate --gold`"
            )
        rubric, _ = rubric_of(connection, row)
        held = frame_of(connection, row, frame)
        bodies = _bodies(connection, held)
        systems = _systems(connection, held) if row.mode in PAIR_MODES else {}
    asked = tuple(questions(rubric, row.mode, sorted({_match(*both) for both in systems.values()})))
    return _estimates(queue, held, asked, bodies, by, systems)


def _systems(connection: Connection, frame: Frame) -> dict[str, Systems]:
    """Whose the two responses of each decided pair are, where both are named and differ; of open pairs while all wait."""
    waits = bool(_waiting(frame))
    told = (unit.subject for unit in frame.units if unit.decision is not None or (waits and unit.state == "open"))
    pairs = ((subject, [one.system for one in authors_of(connection, subject)]) for subject in told)
    return {subject: (two[0], two[1]) for subject, two in pairs if len(set(filter(None, two))) == len(SIDES)}


def _match(one: str, other: str) -> Systems:
    """Two systems in the order of their names."""
    return (one, other) if one < other else (other, one)


def _bodies(connection: Connection, frame: Frame) -> dict[str, Mapping[str, Any]]:
    """What was said, by verdict, of every decision of the frame."""
    table = schema.verdict
    wanted = {uuid for unit in frame.units if unit.decision is not None for uuid in unit.decision.verdicts}
    rows = connection.execute(select(table.c.uuid, table.c.body).where(table.c.round.in_(("live", "adjudication"))))
    return {uuid: body for uuid, body in rows if uuid in wanted}


def _estimates(
    queue: str,
    frame: Frame,
    asked: Sequence[Asked],
    bodies: Mapping[str, Mapping[str, Any]],
    by: Sequence[str],
    systems: Mapping[str, Systems],
) -> Estimates:
    states = Counter(unit.state for unit in frame.units)
    waiting = _waiting(frame)
    closed = closed_prefix(frame) if not waiting else None
    scores, name = _scores(frame.units)
    decided = [unit for unit in frame.units if unit.state == "answered"]
    rates: list[Rate] = []
    if closed is not None:
        reader = Reader(frame, closed, scores, bodies, bool(states["open"]), by, systems)
        rates = [reader.rate(one) for one in asked]
    return Estimates(
        queue=queue,
        frame=frame.number,
        frame_sha256=frame.run.frame_sha256,
        size=len(frame.units),
        drawn=len(frame.units) - states["not_drawn"],
        answered=states["answered"],
        unanswered=states["unanswered"],
        open=states["open"],
        interim=bool(states["open"]),
        unreplicated=sum(bool(unit.decision and unit.decision.unreplicated) for unit in decided),
        score=name,
        outcomes=tuple(rates),
        harm=_harm(closed) if closed is not None else None,
        waiting=waiting,
        to_come=tuple(_names(asked, frame, by)) if waiting else (),
    )


def _waiting(frame: Frame) -> str:
    """Why there is no outcome yet, and what to do; empty: there is."""
    if frame.missing:
        return (
            f"the draw of this frame was interrupted: {len(frame.units)} of its {frame.run.frame_size} traces are stored, "
            "and until all are nothing is known; draw again with the same traces, seed and budget: it goes on where it ended"
        )
    if frame.must_see_open:
        return (
            f"{frame.must_see_open} traces that must be seen are still open: they are worked first, and until then nothing "
            "is known"
        )
    return ""


def _names(asked: Sequence[Asked], frame: Frame, by: Sequence[str]) -> Iterator[str]:
    """What outcomes are called, over the frame and in each slice."""
    slices = [f"@{name}={value}" for name, value in slices_of(frame, by)]
    return (f"{one.name}{where}" for one in asked for where in ("", *slices))


def _scores(units: Sequence[Unit]) -> tuple[Floats, str]:
    """A score of every unit, known before the draw: the judge's where one judged, its mean where it did not."""
    judged = [unit.score for unit in units if unit.score is not None]
    if not judged:
        levels = np.array([unit.level for unit in units])
        return levels, "risk level" if levels.any() else "none"
    mean = sum(judged) / len(judged)
    return np.array([mean if unit.score is None else unit.score for unit in units]), "judge"


def _harm(closed: Closed) -> Unseen:
    """Any flag of a decision is harm; units without an answer may all be harmful."""
    flagged = [unit.decision is not None and bool(unit.decision.flags) for unit in closed.units]
    chances = closed.pi[list(closed.places)]
    open_ = [float(pi) for pi, unit in zip(chances, closed.units, strict=True) if unit.state == "unanswered"]
    harmful = [float(pi) for pi, harm in zip(chances, flagged, strict=True) if harm]
    return unseen(closed.pi, harmful, open_, reviewed=len(closed.units) - len(open_))
