"""The slices traces fall into, and what of a slice and of the rest are independent cases."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Literal, TypeAlias

MOST = 200
"""Values told apart per field, and pairs of values per two fields: the most frequent."""
ITSELF = frozenset({"scenario", "session"})
"""Fields that name what is repeated: along them the repetitions are the cases."""

Column: TypeAlias = tuple[Any, Any, Any]
"""(value, low, high) as float arrays, one row a trace. All NaN: not eligible; value alone NaN: failed, with bounds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A score that is compared between slices. ``range``: what it is declared to lie in."""

    name: str
    better: Literal["higher", "lower"] = "higher"
    range: tuple[float, float] = (0.0, 1.0)
    unit: str = "share"


@dataclass(frozen=True, slots=True)
class Coded:
    """A field of many rows: the values of row i are ``entries[codes[i]]``; none: it is not known there."""

    codes: Any
    entries: Sequence[tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """One row a trace: its fields, what it repeats (numbers from 0, equal: the same thing), and its scores by name."""

    fields: Mapping[str, Coded]
    repeats: Any
    measures: Sequence[Measure]
    read: Callable[[str], Column]

    @property
    def n(self) -> int:
        """How many traces."""
        return len(self.repeats)


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """Traces with one value of a field, or of two. ``parents``: the slices of either value alone."""

    where: tuple[tuple[str, str | None], ...]
    rows: Any
    parents: tuple[Slice, ...] = ()


def folded(column: Column, inside: Any, within: Any, repeats: Any) -> tuple[Column, Column]:
    """(slice, rest) of a score, a row a case: all traces of one thing on one side are one.

    ``inside`` and ``within`` are rows of traces; ``within`` None: all. So a long session counts once in a slice and once
    in the rest. Its value is the mean of its traces; it failed when one of them failed, its bounds the mean of theirs.
    """
    import numpy as np

    member = np.zeros(len(repeats), dtype=bool)
    member[inside] = True
    if within is not None:
        member, column, repeats = member[within], at(column, within), repeats[within]
    sides = 2 * repeats + member
    cases, there = _folded(column, sides), np.bincount(sides) > 0
    odd = np.arange(len(there)) % 2 == 1
    return at(cases, there & odd), at(cases, there & ~odd)


def at(column: Column, rows: Any) -> Column:
    """Some rows of a column."""
    value, low, high = column
    return value[rows], low[rows], high[rows]


def _folded(column: Column, cases: Any) -> Column:
    import numpy as np

    value, low, high = column
    eligible, most = ~np.isnan(low), int(cases.max()) + 1
    many = np.bincount(cases[eligible], minlength=most)
    scored = np.bincount(cases[~np.isnan(value)], minlength=most)
    with np.errstate(invalid="ignore"):
        low, high = (np.bincount(cases[eligible], ends[eligible], minlength=most) / many for ends in (low, high))
    return np.where(scored == many, low, np.nan), low, high


def members(coded: Coded, rows: Any) -> dict[str | None, Any]:
    """Value -> the rows that have it, the most frequent first; None: rows where the field is not known."""
    import numpy as np

    order = rows[np.argsort(coded.codes[rows], kind="stable")]
    codes, starts = np.unique(coded.codes[order], return_index=True)
    parts: dict[str | None, list[Any]] = defaultdict(list)
    for code, part in zip(codes, np.split(order, starts[1:]), strict=True):
        for value in coded.entries[code] or (None,):
            parts[value].append(part)
    found = {value: np.concatenate(several) for value, several in parts.items()}
    return dict(sorted(found.items(), key=lambda item: (-len(item[1]), item[0] or "")))


def singles(observed: Observed, name: str) -> Iterator[Slice]:
    """The slices of one field: its most frequent values."""
    import numpy as np

    found = members(observed.fields[name], np.arange(observed.n))
    for value, rows in list(found.items())[:MOST]:
        yield Slice(where=((name, value),), rows=rows)


def pairs(observed: Observed, known: Mapping[str, Sequence[Slice]], smallest: int) -> Iterator[Slice]:
    """The most frequent pairs of values of two fields that differ from both by a slice's worth of traces."""
    for one, two in combinations(known, 2):
        others = {slice_.where[0][1]: slice_ for slice_ in known[two]}
        found: list[Slice] = []
        for first in known[one]:
            if first.where[0][1] is None or len(first.rows) < 2 * smallest:
                continue
            for value, rows in members(observed.fields[two], first.rows).items():
                second = others.get(value)
                if value is None or second is None or len(rows) < smallest:
                    continue
                if min(len(first.rows), len(second.rows)) - len(rows) >= smallest:
                    found.append(Slice(where=(*first.where, *second.where), rows=rows, parents=(first, second)))
        yield from sorted(found, key=lambda slice_: -len(slice_.rows))[:MOST]
