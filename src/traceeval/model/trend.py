"""Runs on disk and how one measure went over them, as ``traceeval runs --json`` and ``traceeval trend --json`` print it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

from traceeval.model._value import Value

RUNS: Final = "traceeval.runs/1"
TREND: Final = "traceeval.trend/1"


class RunFigure(Value, frozen=True):
    """One measure of a run. ``low``, ``high``: its 95 % interval; ``n``: values it rests on.

    ``lower``, ``upper``: where it lies whatever failed scores, or trials nobody could judge, would have said.
    """

    value: float
    n: int
    low: float | None = None
    high: float | None = None
    lower: float | None = None
    upper: float | None = None
    better: Literal["higher", "lower"] = "higher"


class RunRow(Value, frozen=True):
    """One folder. ``run``: its path; ``created``: ISO 8601; ``version``: what its traces, or the replay, say of the build.

    ``subject``: the application of ``evaluate``, the suite of ``replay``; ``settings``: what else figures depend on, name
    -> value: runs of one subject and equal settings have comparable figures. ``n``: traces, or trials of the agent.
    ``main``: the measures to look at first. ``status``: ``unreadable`` and ``unfinished`` runs have no figure, see ``why``.
    """

    run: str
    kind: Literal["evaluate", "replay"]
    created: str
    status: Literal["complete", "unfinished", "unreadable"]
    why: str = ""
    version: str = ""
    subject: str = ""
    settings: Mapping[str, str] = {}
    n: int = 0
    figures: Mapping[str, RunFigure] = {}
    main: tuple[str, ...] = ()


class RunList(Value, frozen=True):
    """Every run found, the oldest first."""

    schema_version: Literal["traceeval.runs/1"]
    runs: tuple[RunRow, ...]


class TrendPoint(Value, frozen=True):
    """One run. ``new``: the first of a version that is not the one before it."""

    run: str
    created: str
    version: str
    figure: RunFigure
    new: bool = False


class LeftOut(Value, frozen=True):
    """A run that is no point of the trend, and why."""

    run: str
    why: str


class TrendReport(Value, frozen=True):
    """One measure over runs that can be compared with the newest, the oldest first."""

    schema_version: Literal["traceeval.trend/1"]
    metric: str
    better: Literal["higher", "lower"]
    subject: str
    points: tuple[TrendPoint, ...]
    left_out: tuple[LeftOut, ...] = ()
