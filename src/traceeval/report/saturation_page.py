"""What a suite still tells as one page, with the pass rates of its cases as a plot."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from traceeval.measures.safe_text import inline
from traceeval.model import SaturationReport, SaturationRow
from traceeval.report._numbers import count, interval, number
from traceeval.report._sheet import Sheet, rows_table, write_sheet
from traceeval.report.forest_plot import Mark, forest
from traceeval.report.saturation import WORDS, saturation_headline, saturation_notes

_COLUMNS = ("case", "what it tells", "pass rate", "95 %", "versions", "discrimination")
_CAPTION = (
    "Pass rates over versions with Wilson intervals; discrimination: how far passing it goes with passing the rest"
)
_DRAWN = 40


def render_saturation_page(report: SaturationReport, path: Path) -> None:
    """Write the page."""
    telling = [row for row in report.rows if row.state == "telling"]
    mute = [row for row in report.rows if row.state != "telling"]
    cases = partial(rows_table, caption=_CAPTION, columns=_COLUMNS, cells=_row, bad=lambda row: row.inverted)
    sheet = Sheet(
        name="saturation",
        headline=saturation_headline(report),
        notes=(*saturation_notes(report), f"versions: {', '.join(inline(name, 60) for name in report.versions)}"),
        plots=(saturation_plot(report),) if report.rows else (),
        tables=(
            cases("telling", "Cases that tell versions apart", telling, "No case tells versions apart."),
            cases("mute", "Cases that tell nothing", mute, "Every case tells versions apart."),
        ),
    )
    write_sheet(sheet, path)


def _row(row: SaturationRow) -> tuple[str, ...]:
    rate, ends = number(row.rate), interval(row.low, row.high)
    return row.case, WORDS[row.state], rate, ends, count(row.versions), number(row.discrimination)


def saturation_plot(report: SaturationReport) -> str:
    """Cases from the hardest to the easiest, those in the middle of a long list left out; diamonds tell nothing."""
    ordered = sorted(report.rows, key=lambda row: (row.rate, row.case))
    if len(ordered) > _DRAWN:
        ordered = [*ordered[: _DRAWN // 2], *ordered[-_DRAWN // 2 :]]
    marks = [Mark(row.case, row.rate, row.low, row.high, row.state != "telling") for row in ordered]
    left = len(report.rows) - len(marks)
    more = f"; {left} between these are not drawn" if left else ""
    return forest("Pass rates over versions", marks, 0.5, (0.0, 1.0), f"pass rate; a diamond tells nothing{more}")
