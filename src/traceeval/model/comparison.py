"""Two versions on the same cases, as ``traceeval compare --json`` prints it (metrics.md section 15)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, TypeAlias

from traceeval.model._value import Value

COMPARISON: Final = "traceeval.comparison/1"
Verdict: TypeAlias = Literal["improved", "regressed", "equivalent", "undecided"]


class Moved(Value, frozen=True):
    """One unit that changed: a scenario, a question. ``base``, ``head``: its values; the traces they were read off."""

    unit: str
    base: float
    head: float
    base_trace: str
    head_trace: str


class StatusChange(Value, frozen=True):
    """How often a score ended in a status that says nothing: shares of the paired traces, and p of "no difference"."""

    status: str
    base: float
    head: float
    p: float


class Change(Value, frozen=True):
    """One measure over the paired units; ``value`` is the mean of head less base, in the measure's own unit.

    ``low``, ``high``: its 95 % interval; ``lower``, ``upper``: where the mean lies whatever the failed scores would have said;
    ``p``: of "no difference", ``adjusted`` for how many were tested. None, all of them: under six pairs, and ``why`` says so.
    ``detectable``: the true difference these pairs would show with 80 % power after correction; ``needed``: of a share, how
    many pairs would show ten points so. ``failed``: pairs with a side that failed.
    """

    metric: str
    component: str | None
    better: Literal["higher", "lower"]
    n: int
    verdict: Verdict
    why: str = ""
    base: float | None = None
    head: float | None = None
    value: float | None = None
    low: float | None = None
    high: float | None = None
    lower: float | None = None
    upper: float | None = None
    p: float | None = None
    adjusted: float | None = None
    method: str | None = None
    detectable: float | None = None
    needed: int | None = None
    failed: int = 0
    statuses: tuple[StatusChange, ...] = ()
    helped: int = 0
    hurt: int = 0
    best: tuple[Moved, ...] = ()
    worst: tuple[Moved, ...] = ()

    @property
    def gain(self) -> float | None:
        """The change, positive where head is better; None where nothing could be said."""
        return self.value if self.value is None or self.better == "higher" else -self.value

    @property
    def least_gain(self) -> float | None:
        """The worse end of the interval and of what failed scores leave open: what a gate reads."""
        if self.low is None or self.high is None or self.value is None:
            return None
        if self.better == "higher":
            return min(self.low, self.low + _open(self.lower, self.value))
        return min(-self.high, -self.high - _open(self.upper, self.value))


def _open(end: float | None, value: float) -> float:
    return 0.0 if end is None else end - value


class SliceChange(Value, frozen=True):
    """One measure where a field of the traces has one value."""

    field: str
    value: str
    change: Change


class Divergence(Value, frozen=True):
    """The first step at which the two runs of one case part, from 1; the steps around it on both sides, that one first.

    A step is a search, a reranking or a call, as ``traces.parquet`` has it; an empty side had ended.
    """

    unit: str
    base_trace: str
    head_trace: str
    step: int
    before: tuple[str, ...]
    base: tuple[str, ...]
    head: tuple[str, ...]


class Side(Value, frozen=True):
    """One of the two runs."""

    name: str
    created: str
    traces: int
    systems: tuple[str, ...] = ()


class Comparison(Value, frozen=True):
    """Everything that was compared. ``changes``: what was asked about, corrected by Holm; ``others``: every other measure.

    ``findings``: the share of traces with each finding. ``others``, ``findings`` and ``slices`` are corrected by
    Benjamini-Hochberg, each among themselves. ``only_base``, ``only_head``: units without a partner, left out;
    ``doubled``: units with two recordings of one trial, ``changed``: scenarios whose file is not the same, left out too.
    """

    schema_version: Literal["traceeval.comparison/1"]
    base: Side
    head: Side
    units: int
    paired_by: Mapping[str, int]
    trials: bool
    changes: tuple[Change, ...]
    others: tuple[Change, ...] = ()
    findings: tuple[Change, ...] = ()
    slices: tuple[SliceChange, ...] = ()
    divergences: tuple[Divergence, ...] = ()
    parted: int = 0
    only_base: tuple[str, ...] = ()
    only_head: tuple[str, ...] = ()
    doubled: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
