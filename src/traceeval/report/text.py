"""The scorecard in the terminal: what failed, what the end result hides, what a person should look at."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from traceeval.measures.safe_text import inline
from traceeval.model import Aggregate, ComponentRow, PositionCurve, Summary, Suspects
from traceeval.report._answering import (
    FALLBACK,
    POSITIONS,
    STATES,
    cells,
    compensated,
    fallback_rows,
    position_notes,
    replay_lines,
    told,
)
from traceeval.report._fall import fall_rows
from traceeval.report._headline import checker_lines, headline, score_of
from traceeval.report._numbers import NONE, count, counted, interval, money, number, percent, plural, seconds
from traceeval.report._slice_tables import slice_tables
from traceeval.report._slices import slices_notes
from traceeval.report._suspects import SUSPECTED, attributed_line, suspect_lines
from traceeval.report._table import table_of

if TYPE_CHECKING:
    from rich.console import Console, Group
    from rich.table import Table

_BAR = 24


def render_text(summary: Summary, console: Console, folder: Path | None = None) -> None:
    """Print the scorecard; ``folder`` is where the files are."""
    from rich.text import Text

    for line in headline(summary):
        console.print(Text(line, style="bold"))
    console.print()
    for title, table in _tables(summary):
        console.print(Text(title, style="bold cyan"))
        console.print(table)
        console.print()
    for line in _notes(summary):
        console.print(Text(line, style="dim"))
    if folder is not None:
        console.print(Text(f"report: {folder / 'report.html'}", style="bold"), soft_wrap=True)


def _tables(summary: Summary) -> Iterator[tuple[str, Table | Group]]:
    if not summary.traces:
        return
    yield "Components", _components(summary)
    if summary.waterfall is not None:
        yield (
            f"Where the ideal gain is lost (nDCG@{summary.waterfall.k}, {plural(summary.waterfall.n, 'trace')})",
            _losses(summary),
        )
    if any(row.cells.get("failed_passed") for row in summary.masked):
        yield "Masked failures: the component failed, the end result was right", _masked(summary)
    if summary.masked:
        yield "Component against end result, traces that ended right / wrong / unknown", _against_outcome(summary)
    if fallback_rows(summary.fallback):
        yield FALLBACK, _fallback(summary)
    if summary.positions is not None:
        yield POSITIONS, _positions(summary.positions)
    if any(row.defects or row.unknown for row in summary.findings):
        yield "Findings", _findings(summary)
    if summary.suspects is not None and summary.suspects.suspected:
        yield SUSPECTED, _suspected(summary.suspects)
    if summary.slices is not None:
        yield from slice_tables(summary.slices)
    if summary.queue is not None:
        yield "To people", _queue(summary)
    if summary.gold:
        yield "What gold is missing", _gold(summary)


def _components(summary: Summary) -> Table:
    table = table_of(
        "component",
        "score",
        "mean",
        "bounds",
        "cover",
        "n",
        "pass",
        "fail",
        "?",
        "blame",
        right=("mean", "cover", "n", "pass", "fail", "?", "blame"),
    )
    for row in summary.components:
        best = score_of(row)
        table.add_row(
            row.component.value,
            best.scorer.partition(".")[2] if best else NONE,
            number(best.mean) if best else NONE,
            interval(best.lower, best.upper) if best else NONE,
            percent(best.coverage) if best else NONE,
            count(_eligible(best)) if best else NONE,
            count(row.passed),
            count(row.failed),
            count(row.unknown),
            number(row.blame, 1),
        )
    return table


def _eligible(aggregate: Aggregate) -> int:
    return aggregate.counts.get("scored", 0) + aggregate.counts.get("failed", 0)


def _losses(summary: Summary) -> Table:
    table = table_of("stage", "loss", "", right=("loss",))
    fall = summary.waterfall
    if fall is None:
        return table
    for depth, name, value in fall_rows(fall):
        width = max(0, round(_BAR * min(value or 0.0, 1.0)))
        bar = "█" * width if not depth else "░" * width
        table.add_row("  " * depth + inline(name, 24), number(value, 3), bar)
    return table


def _masked(summary: Summary) -> Table:
    table = table_of("component", "masked", "of right answers", "compensated by", "examples", right=("masked",))
    for row in summary.masked:
        if row.cells.get("failed_passed"):
            table.add_row(
                row.component.value,
                count(row.cells["failed_passed"]),
                told(row.masked),
                compensated(row) or NONE,
                ", ".join(inline(id_, 12) for id_ in row.examples.get("failed_passed", ())[:2]),
            )
    return table


def _against_outcome(summary: Summary) -> Table:
    table = table_of("component", *STATES.values())
    for row in summary.masked:
        table.add_row(row.component.value, *(cells(row, state) for state in STATES))
    return table


def _fallback(summary: Summary) -> Table:
    table = table_of(
        "the prompt held", "facts", "traces", "of answers with a right fact", "confirmed", "example",
        right=("facts", "traces", "confirmed"),
    )  # fmt: skip
    for row in fallback_rows(summary.fallback):
        example = inline(row.examples[0], 12) if row.examples else NONE
        table.add_row(
            row.kind.replace("_", " "),
            count(row.facts),
            count(row.traces),
            told(row.share),
            count(row.confirmed),
            example,
        )
    return table


def _positions(curve: PositionCurve) -> Table:
    table = table_of("third", "used", "", "facts", "traces", right=("facts", "traces"))
    for row in curve.rows:
        bar = "█" * round(_BAR * (row.used.value or 0.0))
        table.add_row(row.third, told(row.used), bar, count(row.used.n), count(row.traces))
    return table


def _findings(summary: Summary) -> Group:
    """The defects; and in one line the rules that found none and lacked an input here and there."""
    from rich.console import Group
    from rich.text import Text

    table = table_of(
        "sev", "finding", "traces", "masked", "unknown", "example", right=("sev", "traces", "masked", "unknown")
    )
    undecided = [row for row in summary.findings if row.unknown and not row.defects]
    for row in summary.findings:
        if row.defects:
            example = inline(row.examples[0], 12) if row.examples else NONE
            table.add_row(
                str(row.severity), row.code, count(row.defects), count(row.masked), count(row.unknown), example
            )
    where = attributed_line(summary.attributed)
    told = ", ".join(f"{row.code} {count(row.unknown)} ({', '.join(row.missing)})" for row in undecided)
    line = [Text(f"undecided for lack of an input, in traces: {told}")] if told else []
    return Group(*([table] if table.row_count else []), *([Text(where)] if where else []), *line)


def _suspected(found: Suspects) -> Group:
    from rich.console import Group
    from rich.text import Text

    return Group(_suspects(found), *(Text(line, style="dim") for line in suspect_lines(found)))


def _suspects(found: Suspects) -> Table:
    table = table_of("component", "first", "second", "signals", "example", right=("first", "second"))
    for row in found.rows:
        example = inline(row.examples[0], 12) if row.examples else NONE
        table.add_row(row.component.value, count(row.first), count(row.second), counted(row.signals, 4), example)
    return table


def _queue(summary: Summary) -> Table:
    table = table_of(
        "queued",
        "severity 5",
        "called",
        "by risk",
        "at random",
        "new",
        "because of",
        right=("queued", "severity 5", "called", "by risk", "at random", "new"),
    )
    row = summary.queue
    if row is not None:
        table.add_row(
            f"{row.drawn:,} of {row.frame:,}",
            count(row.must_see),
            count(row.called),
            count(row.by_level),
            count(row.random),
            count(row.added),
            counted(row.reasons, 4),
        )
    return table


def _gold(summary: Summary) -> Table:
    table = table_of("gold", "what it buys")
    for advice in summary.gold:
        table.add_row(advice.needs, inline(advice.text, 400))
    return table


def _notes(summary: Summary) -> Iterator[str]:
    yield from _costs(summary.components)
    yield from checker_lines(summary)
    if summary.positions is not None:
        yield from position_notes(summary.positions)
    if summary.replays is not None:
        yield from replay_lines(summary.replays)
    if summary.slices is not None:
        yield from (inline(line, 300) for line in slices_notes(summary.slices))
    inferred = summary.tools.get("inferred") or ()
    if inferred:
        resting = summary.tools.get("findings_on_inferred", 0)
        yield (
            f"{plural(len(inferred), 'tool')} not annotated, effects inferred from names: {plural(resting, 'finding')} rest on "
            "that; write a tools.yaml and pass --tools"
        )
    if summary.diagnostics:
        yield f"diagnostics: {counted(summary.diagnostics)} (`examples` in summary.json; all: traceeval validate)"
    if summary.failures:
        yield f"plug-ins that failed: {counted(summary.failures)}"
    if summary.folded or summary.revised:
        yield f"{plural(summary.folded, 'copy', 'copies')} folded, {plural(summary.revised, 'revision')} resolved"


def _costs(rows: tuple[ComponentRow, ...]) -> Iterator[str]:
    for row in rows:
        if row.tokens_in is not None or row.latency_n:
            cost = money(row.cost) if row.cost is not None else row.cost_why
            yield (
                f"{row.component.value}: {count(row.tokens_in)} tokens in, {count(row.tokens_out)} out; cost {cost}; "
                f"p50 {seconds(row.latency_p50)}, p95 {seconds(row.latency_p95)}"
            )
