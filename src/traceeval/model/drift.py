"""How far two windows lie apart, as ``traceeval drift --json`` prints it."""

from __future__ import annotations

from typing import Final, Literal

from traceeval.model._value import Value

DRIFT: Final = "traceeval.drift/1"


class Shift(Value, frozen=True):
    """One thing of a mix whose share changed most."""

    name: str
    base: float
    head: float


class DriftRow(Value, frozen=True):
    """One distribution: a score's values, or a mix of tools, documents, words. ``distance``: 0 alike, 1 nothing in common.

    ``p``: of so large a distance by chance; ``adjusted``: with false-discovery control over all rows; ``drifted``: under 5 %.
    """

    what: str
    kind: Literal["values", "mix"]
    base_n: int
    head_n: int
    distance: float
    p: float
    adjusted: float
    drifted: bool
    base_mean: float | None = None
    head_mean: float | None = None
    shifts: tuple[Shift, ...] = ()


class DriftReport(Value, frozen=True):
    """All rows, the surest drift first. ``sampled``: traces a side that were looked at, of ``base`` and ``head``."""

    schema_version: Literal["traceeval.drift/1"]
    base: int
    head: int
    sampled: tuple[int, int]
    rows: tuple[DriftRow, ...]
