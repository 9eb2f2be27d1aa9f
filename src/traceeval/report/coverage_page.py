"""Evaluation data against production as one page."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from traceeval.measures.safe_text import inline
from traceeval.model import AskedKind, CoverageReport
from traceeval.report._numbers import count, percent, percents
from traceeval.report._sheet import Sheet, Table, rows_table, write_sheet
from traceeval.report.coverage import coverage_headline, coverage_notes, coverage_plot

_COLUMNS = ("asks about", "tools", "share", "95 %", "traces", "cases", "easy")
_CAPTION = "Shares of production with Wilson intervals; easy: no finding, low risk, not known as wrong"


def render_coverage_page(report: CoverageReport, path: Path) -> None:
    """Write the page."""
    covered = tuple(kind for kind in report.kinds if kind.gap is False)
    exemplars = tuple(
        (inline(one.trace, 60), f"{one.level:.2f}", one.title, ", ".join(kind.words))
        for kind in report.gaps
        for one in kind.exemplars
    )
    means = "neither words nor documents tell" if report.by_documents else "words cannot tell"
    kinds = partial(rows_table, caption=_CAPTION, columns=_COLUMNS, cells=_row, bad=lambda kind: kind.gap is True)
    tables = (
        kinds("gaps", "Kinds without a case", report.gaps, "Every kind that is large enough has a case."),
        Table(
            id="exemplars",
            title="Make cases of these",
            caption="Traces of the kinds above, evenly over their risk; `traceeval scenario from-trace` pins one",
            columns=("trace", "risk", "asked", "kind"),
            rows=exemplars,
            right=frozenset({"risk"}),
        ),
        kinds("undecided", f"Kinds of which {means} whether a case asks them", report.undecided, "There is none."),
        kinds("kinds", "All other kinds", covered, "There is no other kind."),
        Table(
            id="idle",
            title="Cases that nothing in production is like",
            caption=f"The first {len(report.idle)} of {report.idle_cases:,}",
            columns=("case",),
            rows=tuple((name,) for name in report.idle),
            empty="Every case is like something in production.",
        ),
    )
    sheet = Sheet(
        name="coverage",
        headline=coverage_headline(report),
        notes=tuple(coverage_notes(report)),
        plots=(coverage_plot(report),) if report.kinds else (),
        tables=tables,
    )
    write_sheet(sheet, path)


def _row(kind: AskedKind) -> tuple[str, ...]:
    return (
        ", ".join(kind.words) or "no known words",
        ", ".join(kind.tools) or "no tool",
        percent(kind.share.value),
        percents(kind.share.low, kind.share.high),
        count(kind.traces),
        count(kind.cases),
        percent(kind.easy),
    )
