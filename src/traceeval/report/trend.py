"""Runs on disk as a table, and how one measure went over them: terminal, and a page of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from traceeval.measures.safe_text import inline
from traceeval.model import RunFigure, RunList, RunRow, TrendPoint, TrendReport
from traceeval.report._numbers import NONE, count, number, plural, seconds
from traceeval.report._sheet import Sheet, Table, write_sheet
from traceeval.report._table import table_of
from traceeval.report.trend_plot import trend_plot

if TYPE_CHECKING:
    from rich.console import Console

_MOST = 3


def render_runs(found: RunList, console: Console) -> None:
    """Print one row a run; of its figures the first few to look at."""
    table = table_of("made", "run", "of", "version", "n", "figures", right=("n",))
    for run in found.runs:
        table.add_row(
            _day(run.created), inline(run.run, 80), _of(run), inline(run.version, 40), count(run.n), _told(run)
        )
    console.print(table)


def _of(run: RunRow) -> str:
    return f"{run.kind} {inline(run.subject, 30)}".rstrip()


def _told(run: RunRow) -> str:
    if run.status != "complete":
        return f"{run.status}: {inline(run.why, 160)}"
    return "; ".join(f"{name} {figure(name, run.figures[name])}" for name in run.main[:_MOST]) or "nothing was scored"


def figure(name: str, one: RunFigure) -> str:
    """``0.94 [0.80, 0.98]``, in its unit; what failed scores leave open beside it."""
    interval = f" [{level(name, one.low)}, {level(name, one.high)}]" if one.low is not None else ""
    open_ = f", {left_open(name, one)} with what failed" if left_open(name, one) else ""
    return f"{level(name, one.value)}{interval}{open_}"


def left_open(name: str, one: RunFigure) -> str:
    """Between what it lies whatever failed scores would have said; empty where none failed."""
    if one.lower is None or one.upper is None or one.upper - one.lower < 1e-12:
        return ""
    return f"{level(name, one.lower)} to {level(name, one.upper)}"


def level(name: str, value: float | None) -> str:
    """A value in the unit of its measure."""
    return seconds(value) if name == "seconds" else number(value, 1 if name in ("tokens", "calls") else 3)


def render_trend(found: TrendReport, console: Console) -> None:
    """Print the series, then what was left out of it and why."""
    from rich.text import Text

    console.print(Text(trend_headline(found), style="bold"))
    table = table_of("", "made", "version", "value", "n", "run", right=("n",))
    for point in found.points:
        told = figure(found.metric, point.figure)
        mark = "new version" if point.new else ""
        table.add_row(
            mark, _day(point.created), inline(point.version, 40), told, count(point.figure.n), inline(point.run, 80)
        )
    console.print(table)
    for line in trend_notes(found):
        console.print(Text(line, style="dim"), soft_wrap=True)


def trend_headline(found: TrendReport) -> str:
    """What the series is of."""
    versions = 1 + sum(point.new for point in found.points)
    of = f" of {inline(found.subject, 60)}" if found.subject else ""
    better = "" if found.better == "higher" else " (lower is better)"
    return f"{found.metric}{better} over {plural(len(found.points), 'run')}{of}, {plural(versions, 'version')}"


def trend_notes(found: TrendReport) -> Iterator[str]:
    """What was left out, and what the intervals do not say."""
    yield from (f"left out: {inline(one.run, 80)}: {inline(one.why, 240)}" for one in found.left_out)
    if len(found.points) > 1:
        yield (
            "intervals are of each run alone and say nothing of a difference: `traceeval compare` pairs the cases of two runs, "
            "`traceeval monitor` looks for a change over time"
        )


def _day(created: str) -> str:
    return created[:16].replace("T", " ") or NONE


def render_trend_page(found: TrendReport, path: Path) -> None:
    """Write the page: the plot, and the same as a table."""
    table = Table(
        id="runs",
        title="Runs",
        caption="The oldest run first; left open: between what it lies whatever failed scores would have said",
        columns=("made", "version", "value", "95 %", "left open", "n", "run"),
        rows=tuple(_row(found.metric, point) for point in found.points),
        right=frozenset({"value", "95 %", "left open", "n"}),
    )
    sheet = Sheet(
        name="trend",
        headline=trend_headline(found),
        notes=tuple(trend_notes(found)),
        plots=(trend_plot(found),),
        tables=(table,),
    )
    write_sheet(sheet, path)


def _row(metric: str, point: TrendPoint) -> tuple[str, ...]:
    one = point.figure
    ends = f"{level(metric, one.low)} to {level(metric, one.high)}" if one.low is not None else NONE
    version = f"{inline(point.version, 60)}{' (new)' if point.new else ''}"
    return (
        _day(point.created),
        version,
        level(metric, one.value),
        ends,
        left_open(metric, one),
        count(one.n),
        inline(point.run, 120),
    )
