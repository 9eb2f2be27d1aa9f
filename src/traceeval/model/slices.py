"""How a run does by field: tenant, language, release, tag. What ``evaluate --by`` finds, as ``summary.json`` holds it."""

from __future__ import annotations

from collections.abc import Mapping

from traceeval.model._value import Value
from traceeval.model.score import Aggregate


class SliceField(Value, frozen=True):
    """One field: how many distinct values it has, in how many traces it is known, and what was left out of it."""

    name: str
    values: int
    known: int
    note: str = ""


class SliceRow(Value, frozen=True):
    """One score over the traces of one slice, beside the rest of the run.

    ``where``: field -> value, two entries for a pair of fields; a value None: the field is not known there.
    ``worse``: by how much the mean is worse than ``rest``, in the score's unit, with its 95 % interval; negative: better.
    ``p``: that a slice drawn at random does as badly; None when it was not compared. ``q``: the same after
    Benjamini and Hochberg over all comparisons of the run. ``coverage_q``: that the slice's coverage differs by chance.
    ``rank``: 1 is the worst slice of the run; None: not reliably worse than the rest.
    """

    where: Mapping[str, str | None]
    traces: int
    score: Aggregate
    rest: float | None = None
    worse: float | None = None
    low: float | None = None
    high: float | None = None
    p: float | None = None
    q: float | None = None
    coverage_q: float | None = None
    rank: int | None = None


class Slices(Value, frozen=True):
    """Every field asked for, every value of it, and which slices are reliably worse.

    ``overall``: each score over all traces. ``units``: independent cases among ``traces``: trials of a scenario, and
    traces of a session, that stand in the same slices count once. ``rate``: the share of false alarms among the ranked
    slices that is put up with. ``smallest``: cases a slice needs to be compared. ``seen``: fields these traces have.
    """

    fields: tuple[SliceField, ...]
    rows: tuple[SliceRow, ...]
    overall: tuple[Aggregate, ...]
    traces: int
    units: int
    comparisons: int
    rate: float
    smallest: int
    seen: tuple[str, ...] = ()

    @property
    def worst(self) -> tuple[SliceRow, ...]:
        """Slices that are reliably worse than the rest, worst first."""
        return tuple(sorted((row for row in self.rows if row.rank is not None), key=lambda row: row.rank or 0))

    def less_covered(self) -> tuple[SliceRow, ...]:
        """Slices whose scores could be had for a reliably different share than elsewhere: their means compare less."""
        return tuple(row for row in self.rows if row.coverage_q is not None and row.coverage_q <= self.rate)

    @property
    def unknown(self) -> tuple[str, ...]:
        """Fields that no trace has."""
        return tuple(field.name for field in self.fields if not field.known) if self.traces else ()
