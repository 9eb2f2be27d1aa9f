"""How much a public benchmark still says, as lines of plain text, and as one page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from traceeval.model import DiscountFactor, DiscountReport, Interval
from traceeval.report._numbers import interval, number, percent, percents, plural
from traceeval.report._sheet import Sheet, Table, places, write_sheet
from traceeval.report.forest_plot import Mark, forest

_MEANS = {
    "age": "years it was public",
    "closeness": "rows that production asks alike",
    "contamination": "rows that stood elsewhere",
}


def discount_lines(report: DiscountReport) -> Iterator[str]:
    """The verdict, the three inputs with what each leaves, and the score at that weight."""
    yield discount_headline(report)
    for one in report.factors:
        known = f"leaves {_told(one.factor)}" if one.input.value is not None else f"UNKNOWN: {one.input.why}"
        yield f"{one.name}: {_input(one)}: {known}"
    yield from discount_notes(report)


def discount_headline(report: DiscountReport) -> str:
    """What it still counts for."""
    rows = plural(report.rows, "row")
    if report.weight.value is None:
        return f"Not known what it still counts for, {interval(report.weight.low, report.weight.high)}: {report.weight.why} ({rows})"
    return f"A row of it counts for {_told(report.weight)} rows: age, closeness and contamination multiplied ({rows})"


def discount_notes(report: DiscountReport) -> Iterator[str]:
    """The score as it was measured, and what it is worth."""
    if report.right is not None and report.clean is not None and report.counts is not None:
        yield f"as measured: {_share(report.right)} over {plural(report.right.n, 'row')}"
        yield f"on rows not found elsewhere: {_share(report.clean)} over {plural(report.clean.n, 'row')}"
        worth = f"as {plural(report.counts.n, 'row')} would tell it"
        yield f"what it is worth here: {_share(report.counts)}, {report.counts.why or worth}"
    yield f"age halves it every {report.half_life:g} years: a convention, set with --half-life"


def _input(one: DiscountFactor) -> str:
    if one.input.value is None:
        return _MEANS[one.name]
    return f"{_MEANS[one.name]} {number(one.input.value, 1) if one.name == 'age' else _share(one.input)}"


def _told(one: Interval) -> str:
    value = number(one.value)
    return value if one.low == one.high else f"{value} ({interval(one.low, one.high)})"


def _share(one: Interval) -> str:
    return percent(one.value) if one.low is None else f"{percent(one.value)} ({percents(one.low, one.high)})"


def render_discount_page(report: DiscountReport, path: Path) -> None:
    """Write the page."""
    table = Table(
        id="inputs",
        title="The three inputs",
        caption="What is known of the benchmark, and the part of its weight that each leaves",
        columns=("input", "known", "leaves", "95 %", "missing"),
        rows=tuple(map(_row, report.factors)),
        right=frozenset({"leaves", "95 %"}),
        flagged=places(one.input.value is None for one in report.factors),
    )
    sheet = Sheet(
        name="discount",
        headline=discount_headline(report),
        notes=tuple(discount_notes(report)),
        plots=(discount_plot(report),),
        tables=(table,),
    )
    write_sheet(sheet, path)


def _row(one: DiscountFactor) -> tuple[str, ...]:
    return one.name, _input(one), number(one.factor.value), interval(one.factor.low, one.factor.high), one.input.why


def discount_plot(report: DiscountReport) -> str:
    """What each input leaves, and their product, on 0..1; one that is not known is a line over all it may be."""
    named = [*((one.name, one.factor) for one in report.factors), ("all three: weight", report.weight)]
    marks = [
        Mark(
            name,
            one.value,
            one.low or 0.0,
            one.high if one.high is not None else 1.0,
            one.value is None,
        )
        for name, one in named
    ]
    return forest("What is left of the benchmark", marks, 0.5, (0.0, 1.0), "share; a line without a dot is not known")
