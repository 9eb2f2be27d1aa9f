"""Measures watched over time, as ``traceeval monitor --json`` prints them."""

from __future__ import annotations

from typing import Final, Literal

from traceeval.model._value import Value

WATCH: Final = "traceeval.watch/1"


class WatchedMetric(Value, frozen=True):
    """One measure of ``n`` traces against the reference, whose mean lies in ``low``..``high``.

    ``rose``, ``fell``: the capital of a bet on either; ``needed``: where one is an alarm. ``alarm_at``: after so many traces it
    was one, which way, and the trace that made it so; None: no alarm.
    """

    metric: str
    reference: int
    low: float
    high: float
    n: int
    mean: float | None
    rose: float
    fell: float
    needed: float
    alarm_at: int | None = None
    way: Literal["rose", "fell"] | None = None
    trace: str | None = None


class WatchReport(Value, frozen=True):
    """All measures that were watched; ``alpha``: the chance that any of them ever raises a false alarm."""

    schema_version: Literal["traceeval.watch/1"]
    reference: str
    alpha: float
    metrics: tuple[WatchedMetric, ...]
