"""Worst slices of a run: every value of every field, and every pair of them, against the rest, false alarms controlled.

A pair is worse only if it is worse than the rest and than the rest of either of its values: the largest of the three
probabilities is its own (intersection-union, Berger 1982), so that a slice is not found again in all its parts. The
order is that of the lower limit of how much worse a slice is: a handful of bad cases does not come first by chance.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from traceeval.compare._slice_cases import (
    ITSELF,
    MOST,
    Coded,
    Column,
    Measure,
    Observed,
    Slice,
    at,
    folded,
    pairs,
    singles,
)
from traceeval.compare._slice_side import Side
from traceeval.measures.aggregate import Tally
from traceeval.measures.slices import chance, coverage_chance, shortfall
from traceeval.model import Aggregate, SliceField, SliceRow, Slices

_RANKED = 100


def find_slices(observed: Observed, *, rate: float, smallest: int, seen: Sequence[str] = ()) -> Slices:
    """Compare every slice with the rest on every measure.

    ``rate``: expected share of false alarms among those ranked; false discoveries are controlled over all comparisons
    by Benjamini & Hochberg (1995). ``smallest``: scored cases a slice, and the rest, must have to be compared.
    """
    fields = [_field(name, coded, smallest) for name, coded in observed.fields.items()]
    told = [field.name for field in fields if field.known and not field.note.startswith(_TOO_MANY)]
    known = {name: list(singles(observed, name)) for name in told}
    slices = [*chain.from_iterable(known.values()), *pairs(observed, known, smallest)]
    units = int(observed.repeats.max()) + 1 if observed.n else 0
    repeats = observed.repeats if units < observed.n else None
    found: list[_Found] = []
    overall = []
    for measure in observed.measures:
        scale = _Scale(measure, observed.read(measure.name), repeats, rate, smallest)
        overall.append(scale.overall())
        found += filter(None, map(scale.compare, slices))
    _control(found)
    _rank(found, rate)
    order = {id(slice_): at for at, slice_ in enumerate(slices)}
    shown = [one for one in found if one.rank is not None or not one.slice.parents]
    return Slices(
        fields=tuple(fields),
        rows=tuple(one.row() for one in sorted(shown, key=lambda one: order[id(one.slice)])),
        overall=tuple(overall),
        traces=observed.n,
        units=units,
        comparisons=sum(one.p is not None for one in found),
        rate=rate,
        smallest=smallest,
        seen=tuple(seen),
    )


_TOO_MANY = "too many"


def _field(name: str, coded: Coded, smallest: int) -> SliceField:
    import numpy as np

    per_entry = np.bincount(coded.codes, minlength=len(coded.entries))
    counts: Counter[str] = Counter()
    for entry, n in zip(coded.entries, per_entry, strict=True):
        counts.update(dict.fromkeys(entry, int(n)))
    known = int(sum(n for entry, n in zip(coded.entries, per_entry, strict=True) if entry))
    top = [n for _, n in counts.most_common(MOST)]
    note = ""
    if len(counts) > MOST and 2 * sum(top) < counts.total():
        note = f"{_TOO_MANY} to slice by: {len(counts):,} values in {known:,} traces; slice by what they belong to"
    elif len(counts) > MOST:
        rest = counts.total() - sum(top)
        note = f"the {MOST} most frequent of {len(counts):,} values; the others, {rest:,} traces, are not told apart"
    elif top and top[0] < smallest:
        note = f"no value has {smallest} traces: shown, not compared"
    return SliceField(name=name, values=len(counts), known=known, note=note)


@dataclass(slots=True, kw_only=True)
class _Found:
    """One comparison under way."""

    slice: Slice
    score: Aggregate
    rest: float | None
    worse: tuple[float, float, float] | None = None
    p: float | None = None
    coverage_p: float | None = None
    q: float | None = None
    coverage_q: float | None = None
    rank: int | None = None

    def row(self) -> SliceRow:
        """As the summary holds it."""
        worse, low, high = self.worse or (None, None, None)
        return SliceRow(
            where=dict(self.slice.where),
            traces=len(self.slice.rows),
            score=self.score,
            rest=self.rest,
            worse=worse,
            low=low,
            high=high,
            p=self.p,
            q=self.q,
            coverage_q=self.coverage_q,
            rank=self.rank,
        )


class _Scale:
    """One measure over all traces, and what a slice is compared with on it."""

    def __init__(self, measure: Measure, column: Column, repeats: Any, rate: float, smallest: int) -> None:
        import numpy as np

        self.measure, self.column, self.repeats = measure, column, repeats
        self.rate, self.smallest = rate, smallest
        self.every = np.arange(len(column[0]))
        self.wholes: dict[int, Side] = {}
        values = column[0][~np.isnan(column[0])]
        self.varies = len(values) > 0 and bool(values.min() < values.max())

    def overall(self) -> Aggregate:
        """The measure over all cases."""
        return self._aggregate(self._sides(self.every, self.repeats)[0].tally)

    def compare(self, slice_: Slice) -> _Found | None:
        """The slice and the rest; None where the question arises for no trace of it."""
        repeats = None if any(field in ITSELF for field, _ in slice_.where) else self.repeats
        mine, rest = self._sides(slice_.rows, repeats)
        if not mine.eligible:
            return None
        found = _Found(slice=slice_, score=self._aggregate(mine.tally), rest=self._aggregate(rest.tally).mean)
        if mine.scored and rest.scored:
            found.worse = shortfall(mine.sums, rest.sums, better=self.measure.better)
        if min(mine.scored, rest.scored) >= self.smallest and self.varies:
            found.p = self._chance(slice_, mine, rest, repeats)
        unknown = mine.eligible + rest.eligible - mine.scored - rest.scored
        if unknown and not slice_.parents and min(mine.eligible, rest.eligible) >= self.smallest:
            found.coverage_p = coverage_chance(mine.scored, mine.eligible, rest.scored, rest.eligible)
        return found

    def _chance(self, slice_: Slice, mine: Side, rest: Side, repeats: Any) -> float | None:
        """None: a pair for which one of its values has no scored rest to compare it with.

        What cannot be found anyway is not compared with its parents: over ``rate`` no ``p`` moves any smaller one's
        ``q`` across it.
        """
        p = chance(mine.steps, rest.steps)
        for parent in slice_.parents:
            inner, outer = self._sides(slice_.rows, repeats, parent)
            if outer.scored < self.smallest:
                return None
            p = max(p, chance(inner.steps, outer.steps)) if p <= self.rate else p
        return p

    def _sides(self, rows: Any, repeats: Any, parent: Slice | None = None) -> tuple[Side, Side]:
        """(slice, the rest of all, or of a parent). Without repetitions the rest is what is left of the whole."""
        within = None if parent is None else parent.rows
        if repeats is not None:
            mine, rest = folded(self.column, rows, within, repeats)
            return Side.of(mine, self.measure), Side.of(rest, self.measure)
        if id(parent) not in self.wholes:
            self.wholes[id(parent)] = Side.of(at(self.column, self.every if within is None else within), self.measure)
        side = Side.of(at(self.column, rows), self.measure)
        return side, self.wholes[id(parent)].without(side)

    def _aggregate(self, tally: Tally) -> Aggregate:
        return tally.aggregate(self.measure.name, better=self.measure.better, unit=self.measure.unit)


def _control(found: Sequence[_Found]) -> None:
    """``q`` of every comparison; means and coverage are two families."""
    from scipy.stats import false_discovery_control

    compared = [one for one in found if one.p is not None]
    if compared:
        for one, q in zip(compared, false_discovery_control([one.p for one in compared]), strict=True):
            one.q = float(q)
    covered = [one for one in found if one.coverage_p is not None]
    if covered:
        for one, q in zip(covered, false_discovery_control([one.coverage_p for one in covered]), strict=True):
            one.coverage_q = float(q)


def _rank(found: Sequence[_Found], rate: float) -> None:
    """Number the slices that are reliably worse, by the lower limit of how much."""
    worst = [one for one in found if one.q is not None and one.q <= rate and one.worse is not None]
    worst.sort(key=lambda one: (-(one.worse or (0.0, 0.0))[1], one.p))
    for rank, one in enumerate(worst[:_RANKED], start=1):
        one.rank = rank
