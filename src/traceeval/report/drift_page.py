"""Drift between two windows as one page: how far every distribution moved, and what moved in it."""

from __future__ import annotations

from pathlib import Path

from traceeval.measures.safe_text import inline
from traceeval.model import DriftReport, DriftRow
from traceeval.report._numbers import number, percent, plural
from traceeval.report._sheet import Sheet, rows_table, write_sheet
from traceeval.report.comparison import chance
from traceeval.report.drift import drift_lines
from traceeval.report.forest_plot import Mark, forest

_COLUMNS = ("what", "what moved", "distance", "p", "before", "after")
_CAPTION = "0: alike, 1: nothing in common; p by permutation of traces, false discoveries controlled"
_DRAWN = 40


def render_drift_page(report: DriftReport, path: Path) -> None:
    """Write the page."""
    moved = sum(row.drifted for row in report.rows)
    *_, looked_at = drift_lines(report)
    sheet = Sheet(
        name="drift",
        headline=f"{plural(moved, 'distribution')} of {len(report.rows)} drifted" if moved else "No drift is shown",
        notes=(looked_at,),
        plots=(drift_plot(report),) if report.rows else (),
        tables=(
            rows_table(
                "distributions",
                "Every distribution",
                report.rows,
                "Nothing was recorded on both sides.",
                caption=_CAPTION,
                columns=_COLUMNS,
                cells=_row,
                bad=lambda row: row.drifted,
            ),
        ),
    )
    write_sheet(sheet, path)


def _row(row: DriftRow) -> tuple[str, ...]:
    moved = ", ".join(f"{inline(one.name, 40)} {percent(one.base)} to {percent(one.head)}" for one in row.shifts)
    means = (number(mean, 3) if row.kind == "values" else "" for mean in (row.base_mean, row.head_mean))
    return row.what, moved, number(row.distance), chance(row.adjusted), *means


def drift_plot(report: DriftReport) -> str:
    """Distances, the surest drift first; a diamond drifted."""
    marks = [
        Mark(row.what, row.distance, row.distance, row.distance, row.drifted, bare=True) for row in report.rows[:_DRAWN]
    ]
    left = len(report.rows) - len(marks)
    more = f"; {left} more are in the table" if left else ""
    return forest("How far two windows lie apart", marks, 0.0, (0.0, 1.0), f"distance; a diamond drifted{more}")
