"""What is known of one score over the cases of a slice, or of the rest."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any, Self

from traceeval.compare._slice_cases import Column, Measure
from traceeval.measures.aggregate import Tally
from traceeval.measures.slices import Sums, counted


@dataclass(frozen=True, slots=True)
class Side:
    """The running sums of many cases, and their scored values ``counted`` from the worst of the declared range on."""

    tally: Tally
    steps: Any

    @classmethod
    def of(cls, column: Column, measure: Measure) -> Self:
        """Of a column, a row a case."""
        import numpy as np

        value, low, high = column
        scored = ~np.isnan(value)
        failed = ~scored & ~np.isnan(low)
        values = value[scored]
        tally = Tally(
            counts=_counts(len(value), len(values), int(failed.sum())),
            total=float(values.sum()),
            squares=float(values @ values),
            binary=bool(((values == 0) | (values == 1)).all()),
            failed_low=float(low[failed].sum()),
            failed_high=float(high[failed].sum()),
        )
        worst, best = measure.range if measure.better == "higher" else measure.range[::-1]
        return cls(tally, counted((values - worst) / (best - worst)))

    def without(self, part: Side) -> Side:
        """The cases that are not in ``part``."""
        mine, its = self.tally, part.tally
        n, scored, failed = (self.n - part.n, self.scored - part.scored, self.failed - part.failed)
        tally = Tally(
            counts=_counts(n, scored, failed),
            total=mine.total - its.total if scored else 0.0,
            squares=mine.squares - its.squares if scored else 0.0,
            binary=mine.binary,
            failed_low=mine.failed_low - its.failed_low,
            failed_high=mine.failed_high - its.failed_high,
        )
        return Side(tally, self.steps - part.steps)

    @property
    def n(self) -> int:
        """All cases, whether or not the question arises for them."""
        return self.tally.counts.total()

    @property
    def scored(self) -> int:
        """Cases with a value."""
        return self.tally.counts["scored"]

    @property
    def failed(self) -> int:
        """Cases that should have a value."""
        return self.tally.counts["failed"]

    @property
    def eligible(self) -> int:
        """Both."""
        return self.scored + self.failed

    @property
    def sums(self) -> Sums:
        """Of the scored values."""
        return Sums(self.scored, self.tally.total, self.tally.squares, self.tally.binary)


def _counts(n: int, scored: int, failed: int) -> Counter[str]:
    return Counter(scored=scored, failed=failed, not_applicable=n - scored - failed)
