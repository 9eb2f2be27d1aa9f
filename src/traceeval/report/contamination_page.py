"""A checked set as one page: what gives labels away, what stood elsewhere, what splits share, and what was not checked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from traceeval.measures.safe_text import inline
from traceeval.model import ContaminationReport
from traceeval.report._numbers import number, percent, plural
from traceeval.report._sheet import Sheet, Table, places, write_sheet
from traceeval.report.contamination import contamination_counts
from traceeval.report.forest_plot import Mark, forest

_COLUMNS = ("what", "check", "how", "share")


def render_contamination_page(report: ContaminationReport, path: Path) -> None:
    """Write the page."""
    rows, marks = tuple(_rows(report)), tuple(_marks(report))
    table = Table(
        id="found",
        title="What was found",
        caption="Lists are cut at twenty a check; the counts above are whole",
        columns=_COLUMNS,
        rows=rows,
        right=frozenset({"share"}),
        flagged=places(True for _ in rows),
        empty="Nothing.",
    )
    sheet = Sheet(
        name="contamination",
        headline=f"{plural(report.rows, 'row')}: {'nothing found' if report.clean else 'not to be trusted as they are'}",
        notes=(*contamination_counts(report), *(f"not checked: {one}" for one in report.skipped)),
        plots=(forest("What was found", marks, 0.5, (0.0, 1.0), "balanced accuracy, or share of the text"),)
        if marks
        else (),
        tables=(table,),
    )
    write_sheet(sheet, path)


def _rows(report: ContaminationReport) -> Iterator[tuple[str, ...]]:
    for one in report.giveaways:
        how = f"alone tells {inline(one.label)}: {one.with_label:,} rows with it, {one.without:,} without"
        yield inline(one.string, 60), "gives a label away", how, number(one.balanced_accuracy, 3)
    for copy in report.copied:
        yield inline(copy.row, 60), "stands elsewhere", inline(copy.words, 100), percent(copy.share)
    for canary in report.canaries:
        yield inline(canary, 80), "canary", "stands in what was searched", ""
    for pair in report.twins:
        alike = "" if pair.alike is None else percent(pair.alike)
        how = "one family" if pair.alike is None else "the same words"
        yield f"{inline(pair.one, 60)} and {inline(pair.other, 60)}", "across splits", how, alike


def _marks(report: ContaminationReport) -> Iterator[Mark]:
    found = [
        *((one.string, one.balanced_accuracy) for one in report.giveaways),
        *((copy.row, copy.share) for copy in report.copied),
        *((f"{pair.one}, {pair.other}", pair.alike) for pair in report.twins),
    ]
    for label, share in found:
        if share is not None:
            yield Mark(label, share, share, share, flagged=True, bare=True)
