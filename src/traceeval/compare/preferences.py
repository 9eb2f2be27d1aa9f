"""Which output people prefer, on which criterion, and who disagrees: audiences are set side by side and never pooled."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

import numpy as np

from traceeval.compare._leaning import leanings
from traceeval.compare._ranking import rankings
from traceeval.measures.clustered import Shift, holm, shift
from traceeval.measures.shares import Shared, shares
from traceeval.model import Interval, PreferenceReport, PreferenceRow, Reversal, Share

LEAST, LEVEL = 0.05, 0.05
ENOUGH = 30
_SHARES = {"a": 1.0, "b": 0.0}
Key = tuple[str, str, str, str | None]  # system, other, audience, language


def compare_preferences(rows: Iterable[PreferenceRow]) -> PreferenceReport:
    """The report on everything people said side by side. Each audience is read alone; a language only where several are."""
    said = list(rows)
    groups = _groups(said)
    found = [share for key, part in groups for share in _shares(key, part)]
    return PreferenceReport(
        rows=len(said),
        subjects=len({row.subject for row in said}),
        shares=tuple(found),
        reversals=_reversals([(key, part) for key, part in groups if key[3] is None], found),
        leanings=leanings(said),
        longer=_longer(said),
        rankings=rankings(said),
        inconsistent=sum(_inconsistent(row) for row in said),
    )


def _groups(said: Sequence[PreferenceRow]) -> list[tuple[Key, list[PreferenceRow]]]:
    """Rows by pair of systems and audience, then by language within each, where there are several."""
    parts: dict[Key, list[PreferenceRow]] = {}
    languages = {row.language for row in said}
    for row in said:
        system, other = sorted((row.a.system, row.b.system))
        if system == other:
            continue  # of one system with itself, or of two without names, there is no side to take
        parts.setdefault((system, other, row.audience, None), []).append(row)
        if len(languages) > 1:
            parts.setdefault((system, other, row.audience, row.language), []).append(row)
    return sorted(parts.items(), key=lambda part: tuple(name or "" for name in part[0]))


def _value(row: PreferenceRow, system: str, criterion: str) -> float:
    """1 for the system, 0 for the other, .5 for a tie; nan where nothing was said on this criterion.

    A side somebody named for a criterion goes before the marks they gave.
    """
    if criterion in row.marks and criterion not in row.preferred:
        a, b = row.marks[criterion]
        share = 0.5 + float(np.sign(a - b)) / 2
    elif criterion and criterion not in row.preferred:
        return math.nan
    else:
        share = _SHARES.get(row.preferred[criterion] if criterion else row.preference, 0.5)
    return share if row.a.system == system else 1 - share


def _criteria(rows: Sequence[PreferenceRow]) -> list[str]:
    return ["", *sorted({name for row in rows for name in (*row.marks, *row.preferred)})]


def _table(rows: Sequence[PreferenceRow], system: str) -> tuple[list[str], np.ndarray, list[str]]:
    criteria = _criteria(rows)
    values = np.array([[_value(row, system, name) for name in criteria] for row in rows], dtype=np.float64)
    return criteria, values, [row.cluster for row in rows]


def _shares(key: Key, rows: Sequence[PreferenceRow]) -> Iterator[Share]:
    system, other, audience, language = key
    criteria, values, clusters = _table(rows, system)
    sides = np.where(values == 0.5, np.nan, values)
    follows = np.where(np.isfinite(sides) & np.isfinite(sides[:, :1]), sides == sides[:, :1], np.nan)
    told = shares(np.hstack([values, follows]), np.array(clusters))
    for at, name in enumerate(criteria):
        one = told[at]
        if one is None:
            continue
        column = values[:, at]
        yield Share(
            system=system,
            other=other,
            criterion=name,
            audience=audience,
            language=language,
            share=interval(one),
            wins=int((column == 1).sum()),
            ties=int((column == 0.5).sum()),
            losses=int((column == 0).sum()),
            clusters=one.clusters,
            follows=interval(told[len(criteria) + at]) if name else None,
        )


def interval(found: Shared | None) -> Interval:
    """A share as a figure; undefined where there was nothing."""
    if found is None:
        return Interval(value=None, why="nothing to go by")
    return Interval(value=found.value, low=found.low, high=found.high, n=found.n)


def _reversals(groups: Sequence[tuple[Key, list[PreferenceRow]]], found: Sequence[Share]) -> tuple[Reversal, ...]:
    """Pairs of audiences on opposite sides of one half, each side beyond chance and by at least ``LEAST``."""
    told = {(s.system, s.other, s.audience, s.criterion): s for s in found if s.language is None}
    tested: list[tuple[Key, Key, str, float]] = []
    for (mine, of_mine), (theirs, of_theirs) in combinations(groups, 2):
        if mine[:2] != theirs[:2]:
            continue
        shifts, opposite = _shifts(mine[0], of_mine), _shifts(mine[0], of_theirs)
        tested += [(mine, theirs, name, _reversed(shifts[name], opposite[name])) for name in shifts if name in opposite]
    adjusted = holm([p for *_, p in tested])
    pairs = (
        (told[(*one[:3], name)], told[(*two[:3], name)], p)
        for (one, two, name, _), p in zip(tested, adjusted, strict=True)
    )
    return tuple(_reversal(one, two, p) for one, two, p in pairs if p < LEVEL and _apart(one, two))


def _shifts(system: str, rows: Sequence[PreferenceRow]) -> dict[str, Shift]:
    criteria, values, clusters = _table(rows, system)
    found = {name: shift(2 * values[:, at] - 1, np.array(clusters)) for at, name in enumerate(criteria)}
    return {name: one for name, one in found.items() if one is not None and one.n >= ENOUGH}


def _reversed(one: Shift, two: Shift) -> float:
    """Both sides have to be real: the larger of the one-sided p. Source: Gail & Simon (1985), two groups."""
    return max(one.p, two.p) / 2 if one.value * two.value < 0 else 1.0


def _apart(one: Share, two: Share) -> bool:
    return all(abs((side.share.value or 0.5) - 0.5) >= LEAST for side in (one, two))


def _reversal(one: Share, two: Share, p: float) -> Reversal:
    high, low = (one, two) if (one.share.value or 0.0) > 0.5 else (two, one)
    return Reversal(
        system=one.system,
        other=one.other,
        criterion=one.criterion,
        prefers=high.audience,
        rejects=low.audience,
        share=high.share,
        opposite=low.share,
        p=p,
    )


def _longer(said: Sequence[PreferenceRow]) -> Interval:
    decided = [
        (row.cluster, float((row.preference == "a") == (row.a.length > row.b.length)))
        for row in said
        if row.preference in ("a", "b") and row.a.length is not None and row.b.length is not None
        if row.a.length != row.b.length
    ]
    if not decided:
        return Interval(value=None, why="no decided preference between outputs of known, unequal length")
    return interval(shares(np.array([[value] for _, value in decided]), np.array([name for name, _ in decided]))[0])


def _inconsistent(row: PreferenceRow) -> bool:
    """Prefers what the same person marked 2 or more points lower in total."""
    gap = sum(a - b for a, b in row.marks.values())
    return (row.preference == "a" and gap <= -2) or (row.preference == "b" and gap >= 2)
