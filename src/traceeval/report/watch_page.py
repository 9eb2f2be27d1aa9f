"""Watched measures as one page: where each lay, where it is, and which alarms stand."""

from __future__ import annotations

from pathlib import Path

from traceeval.measures.safe_text import inline
from traceeval.model import WatchedMetric, WatchReport
from traceeval.report._numbers import interval, number, plural
from traceeval.report._sheet import Sheet, rows_table, write_sheet
from traceeval.report.forest_plot import Mark, forest
from traceeval.report.watch import watch_lines

_COLUMNS = ("measure", "alarm", "lay in", "is", "traces", "evidence", "needed")
_CAPTION = "Where each measure lay in the reference, with its interval, and what it is since"


def render_watch_page(report: WatchReport, path: Path) -> None:
    """Write the page."""
    alarms = sum(row.alarm_at is not None for row in report.metrics)
    *_, worth = watch_lines(report)
    sheet = Sheet(
        name="monitor",
        headline=f"{plural(alarms, 'alarm')}, {plural(len(report.metrics), 'measure')} watched"
        if alarms
        else "No alarm",
        notes=(worth,),
        plots=(watch_plot(report),) if report.metrics else (),
        tables=(
            rows_table(
                "measures",
                "Every measure",
                report.metrics,
                "Nothing is watched.",
                caption=_CAPTION,
                columns=_COLUMNS,
                cells=_row,
                bad=lambda row: row.alarm_at is not None,
            ),
        ),
    )
    write_sheet(sheet, path)


def _row(row: WatchedMetric) -> tuple[str, ...]:
    at = (
        ""
        if row.alarm_at is None
        else f"{row.way} after {plural(row.alarm_at, 'trace')}, at {inline(row.trace or '', 60)}"
    )
    told = (interval(row.low, row.high), number(row.mean), f"{row.n:,}", f"{max(row.rose, row.fell):.3g}")
    return row.metric, at, *told, f"{row.needed:.3g}"


def watch_plot(report: WatchReport) -> str:
    """A line where a measure lay, a dot where it is; a diamond is an alarm."""
    marks = [Mark(row.metric, row.mean, row.low, row.high, row.alarm_at is not None) for row in report.metrics]
    return forest("Then and now", marks, 0.5, (0.0, 1.0), "a line: where it lay; a dot: where it is; a diamond: alarm")
