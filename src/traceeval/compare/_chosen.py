"""Where a judge's marks turn into "failed", learnt on the calibration split, and how that does on others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from traceeval.compare._screening import figure
from traceeval.measures.calibration import brier, fit
from traceeval.measures.screening import effective_rate
from traceeval.model import Interval, JudgeRow, PeopleRow
from traceeval.model.admission import Mapping

Pair = tuple[JudgeRow, PeopleRow]
_NONE = Interval(value=None, why="no label of the kind")


def failed(person: PeopleRow) -> bool:
    """What people call a failure: a mark that does not pass, or on a criterion of safety any flag."""
    return (person.mark or 0.0) < person.passes or (person.safety and bool(person.flags))


@dataclass(frozen=True, slots=True)
class Screened:
    """Recall of people's failures and precision of the judge's, with 95 % intervals; ``positives``: failures."""

    recall: Interval
    precision: Interval
    positives: int


@dataclass(frozen=True, slots=True)
class Choice:
    """A threshold, and how it does where it was chosen."""

    threshold: float
    screened: Screened


def choose(pairs: Sequence[Pair], target: float) -> Choice | None:
    """Of the marks a judge gave, the one up to which counting as failed is best; None without a failure to learn from.

    Best: the highest lower bound of precision among those whose lower bound of recall reaches the target; where none
    does, the highest lower bound of recall.
    """
    if not any(failed(person) for _, person in pairs):
        return None
    marks = sorted({row.mark for row, _ in pairs if row.mark is not None})
    choices = [Choice(mark, _at(pairs, mark)) for mark in marks]
    return max(choices, key=lambda choice: _worth(choice.screened, target))


def _worth(found: Screened, target: float) -> tuple[float, float]:
    recall, precision = found.recall.low or 0.0, found.precision.low or 0.0
    return (min(recall, target), precision)


def screened(pairs: Sequence[Pair], choice: Choice | None) -> Screened:
    """The same on other pairs."""
    if choice is None:
        return Screened(_NONE, _NONE, sum(failed(person) for _, person in pairs))
    return _at(pairs, choice.threshold)


def _at(pairs: Sequence[Pair], threshold: float) -> Screened:
    truly = [pair for pair in pairs if failed(pair[1])]
    flagged = [pair for pair in pairs if _low(pair[0], threshold)]
    recall = _rate(truly, [_low(row, threshold) for row, _ in truly])
    precision = _rate(flagged, [failed(person) for _, person in flagged])
    return Screened(recall, precision, len(truly))


def _low(row: JudgeRow, threshold: float) -> bool:
    """A reply that could not be read fails nothing: on a failure it is a miss."""
    return row.mark is not None and row.mark <= threshold


def _rate(pairs: Sequence[Pair], hits: Sequence[bool]) -> Interval:
    found = effective_rate(hits, [1 / person.pi for _, person in pairs], [person.cluster for _, person in pairs])
    return figure(found) or _NONE


def mapped(learnt: Sequence[Pair], test: Sequence[Pair]) -> Mapping | None:
    """Platt's two numbers and isotonic steps from ``learnt``, judged on ``test``; None where a class is missing."""
    pairs = _scored(learnt)
    if len({label for _, label in pairs}) < 2:
        return None
    model, others = fit(pairs), _scored(test)
    told = [(model(score), label) for score, label in others]
    base, error = (sum(label for _, label in told) / len(told) if told else 0.0), brier(told)
    return Mapping(
        a=model.a,
        b=model.b,
        steps=_isotonic(learnt),
        n=len(pairs),
        brier=error,
        skill=1 - error / (base * (1 - base)) if error is not None and 0 < base < 1 else None,
    )


def _scored(pairs: Sequence[Pair]) -> list[tuple[float, bool]]:
    return [((5 - (row.mark or 0.0)) / 4, failed(person)) for row, person in pairs]


def _isotonic(pairs: Sequence[Pair]) -> tuple[tuple[float, float], ...]:
    """(mark, share failed), never rising with the mark; weighted by 1/pi. Source: Barlow et al. (1972)."""
    from scipy.optimize import isotonic_regression

    marks = np.array([row.mark for row, _ in pairs], dtype=np.float64)
    weights = np.array([1 / person.pi for _, person in pairs])
    truly = np.array([failed(person) for _, person in pairs], dtype=np.float64)
    known = np.unique(marks)
    sums = np.array([weights[marks == mark].sum() for mark in known])
    means = np.array([(weights * truly)[marks == mark].sum() for mark in known]) / sums
    fitted = isotonic_regression(means, weights=sums, increasing=False).x
    return tuple((float(mark), float(p)) for mark, p in zip(known, fitted, strict=True))
