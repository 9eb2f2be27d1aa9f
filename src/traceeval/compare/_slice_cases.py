"""Traces as independent cases, and the slices they fall into."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
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
    """One row a trace: its fields, what it repeats (equal numbers: the same thing), and its scores, read by name."""

    fields: Mapping[str, Coded]
    repeats: Any
    measures: Sequence[Measure]
    read: Callable[[str], Column]


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """Cases with one value of a field, or of two. ``parents``: the slices of either value alone."""

    where: tuple[tuple[str, str | None], ...]
    rows: Any
    traces: int
    parents: tuple[Slice, ...] = ()


@dataclass(slots=True, kw_only=True)
class Cases:
    """Traces that repeat one thing and stand in the same slices are one case. ``of``: trace -> case; None: itself."""

    of: Any
    sizes: Any
    fields: Mapping[str, Coded]
    slices: list[Slice] = field(default_factory=list)

    @property
    def n(self) -> int:
        """How many cases."""
        return len(self.sizes)

    def column(self, column: Column) -> Column:
        """A score per case: the mean of its traces; failed when one of them failed, its bounds the mean of theirs."""
        import numpy as np

        if self.of is None:
            return column
        value, low, high = column
        eligible = ~np.isnan(low)
        with np.errstate(invalid="ignore"):
            many = np.bincount(self.of, eligible, minlength=self.n)
            scored = np.bincount(self.of, ~np.isnan(value), minlength=self.n)
            low, high = (
                np.bincount(self.of, np.where(eligible, ends, 0.0), minlength=self.n) / many for ends in (low, high)
            )
        return np.where(scored == many, low, np.nan), low, high


def cases_of(observed: Observed, *, repeated: bool) -> Cases:
    """The cases of a run; ``repeated``: every trace stands for itself."""
    import numpy as np

    codes = [observed.repeats, *(coded.codes for coded in observed.fields.values())]
    if repeated or len(np.unique(observed.repeats)) == len(observed.repeats):
        return Cases(of=None, sizes=np.ones(len(observed.repeats), dtype=int), fields=observed.fields)
    keys, of, sizes = np.unique(np.stack(codes), axis=1, return_inverse=True, return_counts=True)
    fields = {name: Coded(keys[at], coded.entries) for at, (name, coded) in enumerate(observed.fields.items(), start=1)}
    return Cases(of=of.reshape(-1), sizes=sizes, fields=fields)


def members(coded: Coded, rows: Any) -> dict[str | None, Any]:
    """Value -> the rows that have it, the largest first; None: rows where the field is not known."""
    import numpy as np

    order = rows[np.argsort(coded.codes[rows], kind="stable")]
    codes, starts = np.unique(coded.codes[order], return_index=True)
    parts: dict[str | None, list[Any]] = defaultdict(list)
    for code, part in zip(codes, np.split(order, starts[1:]), strict=True):
        for value in coded.entries[code] or (None,):
            parts[value].append(part)
    found = {value: np.concatenate(several) for value, several in parts.items()}
    return dict(sorted(found.items(), key=lambda item: (-len(item[1]), item[0] or "")))


def singles(cases: Cases, name: str) -> Iterator[Slice]:
    """The slices of one field: its most frequent values."""
    import numpy as np

    found = members(cases.fields[name], np.arange(cases.n))
    for value, rows in list(found.items())[:MOST]:
        yield Slice(where=((name, value),), rows=rows, traces=int(cases.sizes[rows].sum()))


def pairs(cases: Cases, known: Mapping[str, Sequence[Slice]], smallest: int) -> Iterator[Slice]:
    """The most frequent pairs of values of two fields that differ from both by a slice's worth of cases."""
    for one, two in combinations(known, 2):
        others = {slice_.where[0][1]: slice_ for slice_ in known[two]}
        found: list[Slice] = []
        for first in known[one]:
            if first.where[0][1] is None or len(first.rows) < 2 * smallest:
                continue
            for value, rows in members(cases.fields[two], first.rows).items():
                second = others.get(value)
                if value is None or second is None or len(rows) < smallest:
                    continue
                if min(len(first.rows), len(second.rows)) - len(rows) >= smallest:
                    traces = int(cases.sizes[rows].sum())
                    where = (*first.where, *second.where)
                    found.append(Slice(where=where, rows=rows, traces=traces, parents=(first, second)))
        yield from sorted(found, key=lambda slice_: -len(slice_.rows))[:MOST]
