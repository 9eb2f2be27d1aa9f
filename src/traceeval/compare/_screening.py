"""The judge as a yes-or-no instrument: what it fails of what people failed, and what it passes of what they passed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from traceeval.compare._columns import value_of
from traceeval.measures.screening import Rate, effective_rate, rogan_gladen
from traceeval.model import Interval, JudgeRow, PeopleRow, Screening

Pair: TypeAlias = tuple[JudgeRow, PeopleRow]


def screenings(rows: Sequence[Pair], asked: Sequence[JudgeRow]) -> tuple[Screening, ...]:
    """One per criterion, at the pass mark people use; preferences have none. ``asked``: all it judged, settled or not."""
    names = sorted({person.criterion for _, person in rows if person.mark is not None})
    return tuple(
        _screening(name, [pair for pair in rows if pair[1].criterion == name], _marks(name, asked)) for name in names
    )


def _marks(criterion: str, asked: Sequence[JudgeRow]) -> list[float]:
    """Every plain mark on a criterion, whether people settled that thing or not."""
    return [row.mark for row in asked if row.criterion == criterion and not row.probe and row.mark is not None]


def _screening(criterion: str, rows: Sequence[Pair], marks: Sequence[float]) -> Screening:
    failed = [((value_of(row) or 0.0) * 4 + 1) < person.passes for row, person in rows]
    truly = [(person.mark or 0.0) < person.passes for _, person in rows]
    found = _rate(rows, failed, [at for at, one in enumerate(truly) if one])
    cleared = _rate(rows, [not one for one in failed], [at for at, one in enumerate(truly) if not one])
    low = [mark < rows[0][1].passes for mark in marks]
    flagged = effective_rate(low, [1.0] * len(low), [str(at) for at in range(len(low))])
    corrected, raw = _corrected(flagged, found, cleared)
    return Screening(
        criterion=criterion,
        sensitivity=_interval(found, "people failed none"),
        specificity=_interval(cleared, "people passed none"),
        flagged=_interval(flagged, "nothing was judged"),
        corrected=corrected,
        raw_corrected=raw,
    )


def _rate(rows: Sequence[Pair], hits: Sequence[bool], of: Sequence[int]) -> Rate | None:
    people = [rows[at][1] for at in of]
    return effective_rate([hits[at] for at in of], [1 / one.pi for one in people], [one.cluster for one in people])


def figure(told: Rate | None) -> Interval | None:
    """A rate as it is reported; None where there is none."""
    if told is None:
        return None
    low, high = told.interval
    return Interval(value=told.rate, low=low, high=high, n=told.n)


def _interval(told: Rate | None, why: str) -> Interval:
    return figure(told) or Interval(value=None, why=why)


def _corrected(flagged: Rate | None, found: Rate | None, cleared: Rate | None) -> tuple[Interval, float | None]:
    if flagged is None or found is None or cleared is None:
        return Interval(value=None, why="people settled one class only"), None
    done = rogan_gladen(*(part for told in (flagged, found, cleared) for part in (told.rate * told.size, told.size)))
    if done is None:
        return Interval(value=None, why="no better than chance: the lower limit of Se + Sp - 1 is 0 or less"), None
    return Interval(value=done.value, low=done.low, high=done.high, n=flagged.n), done.raw
