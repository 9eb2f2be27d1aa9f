"""Automated scores, judge and people on the same traces: what each decided, what it cost, what it found and missed."""

from __future__ import annotations

from typing import Literal

from traceeval.model._value import Value
from traceeval.model.judge_report import Interval

LayerName = Literal["automated", "judge", "people"]


class LayerUnit(Value, frozen=True):
    """One trace of a frame. Each layer said there is a failure (True), there is none (False), or nothing (None).

    ``pi``: the chance people had to see it; ``cluster``: its scenario family. Costs are of this trace; None: not recorded.
    """

    subject: str
    cluster: str
    automated: bool | None = None
    judge: bool | None = None
    people: bool | None = None
    pi: float = 1.0
    judge_usd: float | None = None
    judge_seconds: float | None = None
    people_seconds: float | None = None


class LayerRow(Value, frozen=True):
    """One layer. ``found``, ``missed``, ``false_alarms``: among traces people settled, against what they settled.

    ``recall``, ``precision``: of the whole frame, weighted by 1/pi; for people ``recall`` is the share of the frame's
    failures that stand in the traces they settled. ``seconds``, ``usd``: what it took; None: not recorded.
    """

    layer: LayerName
    decided: int
    flagged: int
    found: int
    missed: int
    false_alarms: int
    recall: Interval
    precision: Interval
    usd: float | None = None
    seconds: float | None = None


class FoundBy(Value, frozen=True):
    """Failures people settled that exactly these machine layers flagged; ``share`` of all failures of the frame."""

    layers: tuple[LayerName, ...]
    n: int
    share: float


class LayerReport(Value, frozen=True):
    """The layers side by side over ``frame`` traces, of which people settled ``settled``; ``failures``: how many of those."""

    frame: int
    settled: int
    failures: int
    rows: tuple[LayerRow, ...]
    found_by: tuple[FoundBy, ...]
