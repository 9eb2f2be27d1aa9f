"""The one place where Scores become a mean. It streams, merges across workers, and holds no score."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from traceeval.measures.interval import t_interval, wilson
from traceeval.model import Aggregate, Score

STATUSES = ("scored", "undefined", "not_applicable", "failed")


@dataclass(slots=True)
class Tally:
    """Running sums of one scorer (metrics.md section 1). ``add`` scores, then ask for the ``aggregate``."""

    counts: Counter[str] = field(default_factory=Counter)
    total: float = 0.0
    squares: float = 0.0
    weighted: float = 0.0
    units: int = 0
    first_units: int | None = None
    units_vary: bool = False
    binary: bool = True
    failed_low: float = 0.0
    failed_high: float = 0.0
    unbounded: bool = False
    whys: Counter[str] = field(default_factory=Counter)

    def add(self, score: Score) -> None:
        """Count one score."""
        status = score.status
        self.counts[status] += 1
        if score.value is not None:
            self._add_value(score.value, score.units)
        elif status == "failed":
            if score.bounds is None:
                self.unbounded = True
            else:
                self.failed_low += score.bounds[0]
                self.failed_high += score.bounds[1]
        if status != "scored" and score.why:
            self.whys[f"{status}: {score.why.partition(':')[0]}"] += 1

    def _add_value(self, value: float, units: int) -> None:
        self.total += value
        self.squares += value * value
        self.weighted += value * units
        self.units += units
        self.binary = self.binary and value in (0.0, 1.0)
        if self.first_units is None:
            self.first_units = units
        self.units_vary = self.units_vary or units != self.first_units

    def merge(self, other: Tally) -> None:
        """Add what another worker tallied."""
        if self.first_units is None:
            self.first_units = other.first_units
        elif other.first_units is not None:
            self.units_vary = self.units_vary or self.first_units != other.first_units
        self.counts.update(other.counts)
        self.whys.update(other.whys)
        self.total += other.total
        self.squares += other.squares
        self.weighted += other.weighted
        self.units += other.units
        self.units_vary = self.units_vary or other.units_vary
        self.binary = self.binary and other.binary
        self.failed_low += other.failed_low
        self.failed_high += other.failed_high
        self.unbounded = self.unbounded or other.unbounded

    def aggregate(
        self, scorer: str, *, better: Literal["higher", "lower"] = "higher", unit: str = "share"
    ) -> Aggregate:
        """Mean over scored, coverage, bounds and the four counts; every number None when nothing is eligible."""
        n, eligible = self.counts["scored"], self.counts["scored"] + self.counts["failed"]
        interval = wilson(self.total, n) if self.binary else t_interval(self.total, self.squares, n)
        bounded = eligible and not self.unbounded
        return Aggregate(
            scorer=scorer,
            mean=self.total / n if n else None,
            coverage=n / eligible if eligible else None,
            lower=(self.total + self.failed_low) / eligible if bounded else None,
            upper=(self.total + self.failed_high) / eligible if bounded else None,
            counts={status: self.counts[status] for status in STATUSES},
            micro=self.weighted / self.units if self.units_vary and self.units else None,
            low=interval[0] if interval and n > 1 else None,
            high=interval[1] if interval and n > 1 else None,
            better=better,
            unit=unit,
            whys=dict(self.whys.most_common(5)),
        )


def aggregate(scores: Iterable[Score], scorer: str) -> Aggregate:
    """The Aggregate of scores at hand."""
    tally = Tally()
    for score in scores:
        tally.add(score)
    return tally.aggregate(scorer)
