"""A judge measured as an instrument: against what people settled, on the same things (metrics.md section 14)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TypeAlias

import numpy as np

from traceeval.compare._columns import Columns, columns, join, value_of
from traceeval.compare._probes import probes
from traceeval.compare._screening import screenings
from traceeval.compare.preferences import interval
from traceeval.errors import ConfigError
from traceeval.measures.kappa import weighted_kappa
from traceeval.measures.shares import shares
from traceeval.model import Agreeing, Interval, JudgeReport, JudgeRow, PeopleRow

ENOUGH = 30
CATEGORIES = (0, 1, 2, 3, 4)
Pair: TypeAlias = tuple[JudgeRow, PeopleRow]


def compare_judge(judged: Iterable[JudgeRow], people: Iterable[PeopleRow]) -> JudgeReport:
    """The report on one judge under one prompt. People's rows without a verdict of the judge do not count.

    Raises:
        ConfigError: several judges or prompts, a thing judged or settled twice, or nothing judged that was settled.
    """
    asked = list(judged)
    joined = join(asked, people)
    told = columns(joined)
    if not joined.rows:
        raise ConfigError(
            "nothing it judged was settled by people: subjects and criteria must be those of the decisions"
        )
    first = asked[0]
    return JudgeReport(
        judge=first.judge,
        prompt=first.prompt,
        rubric=first.rubric,
        agreement=tuple(_agreements(joined.both_orders)),
        screening=screenings([pair for pair in joined.rows if value_of(pair[0]) is not None], asked),
        probes=probes(told),
        swap_consistency=_swap_consistency(told),
        prefers_longer=_prefers_longer(told, told.judge, _swapped(told)),
        people_prefer_longer=_prefers_longer(told, told.people),
        unread=joined.unread,
        unmatched=joined.unmatched,
        usd=_sum(row.usd for row in asked),
        seconds=_sum(row.seconds for row in asked),
    )


def _sum(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) if known else None


def _agreements(rows: Sequence[Pair]) -> list[Agreeing]:
    """By criterion, then by criterion and slice; a slice that is all there is says nothing new."""
    found = []
    for criterion in sorted({person.criterion for _, person in rows}):
        part = [pair for pair in rows if pair[1].criterion == criterion]
        found.append(agreeing(criterion, part))
        fields = sorted({(name, value) for _, person in part for name, value in person.slices.items()})
        for name, value in fields:
            some = [pair for pair in part if pair[1].slices.get(name) == value]
            if len(some) < len(part):
                found.append(agreeing(criterion, some, {name: value}))
    return found


def agreeing(criterion: str, rows: Sequence[Pair], where: dict[str, str] | None = None) -> Agreeing:
    """How far a judge agrees with people on one criterion. Intervals by scenario families; weights 1/pi."""
    marks = [(_place(row), _place(person)) for row, person in rows]
    clusters = [person.cluster for _, person in rows]
    weights = [1 / person.pi for _, person in rows]
    categories = CATEGORIES if criterion else (0, 2, 4)
    kappa = weighted_kappa(marks, categories, clusters=clusters, weights=weights)
    raw = interval(
        shares(np.array([[float(a == b)] for a, b in marks]), np.array(clusters), weights=np.array(weights))[0]
    )
    near = np.array([abs(a - b) <= 1 for a, b in marks])
    counts: dict[str, Counter[str]] = {}
    for row, person in rows:
        counts.setdefault(_name(person), Counter())[_name(row)] += 1
    return Agreeing(
        criterion=criterion,
        kappa=Interval(value=kappa.value, low=kappa.low, high=kappa.high, n=len(rows), why=kappa.why),
        raw=raw,
        counts={name: dict(sorted(row.items())) for name, row in sorted(counts.items())},
        n=len(rows),
        clusters=len(set(clusters)),
        within_one=float(np.average(near, weights=weights)) if criterion else None,
        where=where or {},
        enough=len(rows) >= ENOUGH,
    )


def _place(row: JudgeRow | PeopleRow) -> int:
    """A mark, or a preference between b (0), neither (2) and a (4), as a place on the scale; halves go up."""
    return int((value_of(row) or 0.0) * 4 + 0.5)


def _name(row: JudgeRow | PeopleRow) -> str:
    return row.preference or str(_place(row) + 1)


def _swapped(told: Columns) -> np.ndarray | None:
    return told.variants.get("swapped")


def _swap_consistency(told: Columns) -> Interval:
    other = _swapped(told)
    if other is None:
        return Interval(value=None, why="no pair was judged in both orders")
    both = np.isfinite(other) & np.isfinite(told.judge) & told.paired
    same = np.where(both, told.judge == other, np.nan)
    return interval(shares(same[:, None], told.cluster)[0])


def _prefers_longer(told: Columns, *verdicts: np.ndarray | None) -> Interval:
    """Of decided verdicts on outputs of unequal length, all orders together, the share for the longer."""
    asked = [one for one in verdicts if one is not None]
    usable = [told.paired & np.isfinite(one) & (one != 0.5) & (np.abs(told.longer) == 1) for one in asked]
    if not any(part.any() for part in usable):
        return Interval(value=None, why="no decided pair of known, unequal length")
    longer = [(one == 1) == (told.longer == 1) for one in asked]
    values = np.concatenate([np.where(part, one, np.nan) for part, one in zip(usable, longer, strict=True)])
    return interval(shares(values[:, None], np.tile(told.cluster, len(asked)))[0])
