"""Worst slices of a run: every value of every field, and every pair of them, against the rest, false alarms controlled.

A pair is worse only if it is worse than the rest and than the rest of either of its values: the largest of the three
probabilities is its own (intersection-union, Berger 1982), so that a slice is not found again in all its parts. The
order is that of the lower limit of how much worse a slice is: a handful of bad cases does not come first by chance.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from traceeval.compare._slice_cases import (
    ITSELF,
    MOST,
    Cases,
    Coded,
    Column,
    Measure,
    Observed,
    Slice,
    cases_of,
    pairs,
    singles,
)
from traceeval.measures.aggregate import Tally
from traceeval.measures.slices import Population, Sums, coverage_chance, shortfall
from traceeval.model import Aggregate, SliceField, SliceRow, Slices

_RANKED = 100


def find_slices(observed: Observed, *, rate: float, smallest: int, seen: Sequence[str] = ()) -> Slices:
    """Compare every slice with the rest on every measure.

    ``rate``: expected share of false alarms among those ranked; false discoveries are controlled over all comparisons
    by Benjamini & Hochberg (1995). ``smallest``: scored cases a slice, and the rest, must have to be compared.
    """
    fields = [_field(name, coded, smallest) for name, coded in observed.fields.items()]
    told = [field.name for field in fields if field.known and not field.note.startswith(_TOO_MANY)]
    layouts = _layouts(observed, told, smallest)
    found: list[_Found] = []
    for place, measure in enumerate(observed.measures):
        column = observed.read(measure.name)
        for cases in layouts:
            found += _Scale(measure, cases.column(column), rate, smallest).compare(cases.slices, place)
    _control(found)
    _rank(found, rate)
    order = {id(slice_): at for at, slice_ in enumerate(_in_order(layouts, told))}
    shown = [one for one in found if one.rank is not None or not one.slice.parents]
    shown.sort(key=lambda one: (order[id(one.slice)], one.place))
    return Slices(
        fields=tuple(fields),
        rows=tuple(one.row() for one in shown),
        overall=tuple(_overall(observed, layouts[0])),
        traces=len(observed.repeats),
        units=layouts[0].n,
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


def _layouts(observed: Observed, told: Sequence[str], smallest: int) -> list[Cases]:
    """Cases with the slices that may use them: repetitions folded, but along ``ITSELF`` every trace for itself."""
    layouts = []
    for repeated in (False, True):
        names = [name for name in told if (name in ITSELF) is repeated]
        if names or not repeated:
            cases = cases_of(observed, repeated=repeated)
            known = {name: list(singles(cases, name)) for name in names}
            cases.slices += (*chain.from_iterable(known.values()), *pairs(cases, known, smallest))
            layouts.append(cases)
    return layouts


def _in_order(layouts: Sequence[Cases], told: Sequence[str]) -> Iterator[Slice]:
    """Values field by field as asked for, then pairs."""
    every = chain.from_iterable(cases.slices for cases in layouts)
    yield from sorted(every, key=lambda slice_: (len(slice_.where), told.index(slice_.where[0][0])))


def _overall(observed: Observed, cases: Cases) -> Iterator[Aggregate]:
    for measure in observed.measures:
        tally = tallied(*cases.column(observed.read(measure.name)))
        yield tally.aggregate(measure.name, better=measure.better, unit=measure.unit)


def tallied(value: Any, low: Any, high: Any) -> Tally:
    """The running sums of many cases at once."""
    import numpy as np

    scored, failed = ~np.isnan(value), np.isnan(value) & ~np.isnan(low)
    values = value[scored]
    return Tally(
        counts=Counter(
            scored=len(values),
            failed=int(failed.sum()),
            not_applicable=len(value) - len(values) - int(failed.sum()),
        ),
        total=float(values.sum()),
        squares=float((values * values).sum()),
        binary=bool(np.isin(values, (0.0, 1.0)).all()),
        failed_low=float(low[failed].sum()),
        failed_high=float(high[failed].sum()),
    )


def _sums(tally: Tally) -> Sums:
    return Sums(tally.counts["scored"], tally.total, tally.squares, tally.binary)


@dataclass(slots=True)
class _Found:
    """One comparison under way."""

    slice: Slice
    place: int
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
            traces=self.slice.traces,
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
    """One measure over all cases, and what a slice is compared with on it."""

    def __init__(self, measure: Measure, column: Column, rate: float, smallest: int) -> None:
        import numpy as np

        self.measure, self.column, self.rate, self.smallest = measure, column, rate, smallest
        low, high = measure.range
        good = (column[0] - low) / (high - low)
        self.good = good if measure.better == "higher" else 1 - good
        self.scored = ~np.isnan(column[0])
        self.whole = tallied(*column)
        self.population = Population(self.good[self.scored])
        self.within: dict[int, Population] = {}

    def compare(self, slices: Sequence[Slice], place: int) -> Iterator[_Found]:
        """Every slice with a case for which the question arises."""
        for slice_ in slices:
            tally = tallied(*(ends[slice_.rows] for ends in self.column))
            if not tally.counts["scored"] + tally.counts["failed"]:
                continue
            measure = self.measure
            score = tally.aggregate(measure.name, better=measure.better, unit=measure.unit)
            mine, rest = _sums(tally), _sums(self.whole).without(_sums(tally))
            found = _Found(slice_, place, score, rest.centre if rest.n else None)
            if mine.n and rest.n:
                found.worse = shortfall(mine, rest, better=measure.better)
            if min(mine.n, rest.n) >= self.smallest and self.population.varies:
                found.p = self._chance(slice_)
            if not slice_.parents:
                found.coverage_p = self._coverage(tally)
            yield found

    def _values(self, slice_: Slice) -> Any:
        return self.good[slice_.rows][self.scored[slice_.rows]]

    def _chance(self, slice_: Slice) -> float | None:
        """None: a pair that one of its values alone has no scored rest to be compared with.

        What cannot be found anyway is not compared with its parents: over ``rate`` no ``p`` moves any smaller one's
        ``q`` across it.
        """
        values = self._values(slice_)
        p = self.population.chance(values)
        for parent in slice_.parents:
            within = self._within(parent)
            if within.n - len(values) < self.smallest:
                return None
            p = max(p, within.chance(values)) if p <= self.rate else p
        return p

    def _within(self, slice_: Slice) -> Population:
        key = id(slice_)
        if key not in self.within:
            self.within[key] = Population(self._values(slice_))
        return self.within[key]

    def _coverage(self, tally: Tally) -> float | None:
        every, mine = self.whole.counts, tally.counts
        eligible, all_eligible = mine["scored"] + mine["failed"], every["scored"] + every["failed"]
        if min(eligible, all_eligible - eligible) < self.smallest or not every["failed"]:
            return None
        return coverage_chance(mine["scored"], eligible, every["scored"], all_eligible)


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
    worst.sort(key=lambda one: (-(one.worse or (0.0, 0.0))[1], one.p, one.place))
    for rank, one in enumerate(worst[:_RANKED], start=1):
        one.rank = rank
