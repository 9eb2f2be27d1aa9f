"""``traceeval lint``: what people wrote, checked before a trace meets it."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from traceeval.cli._accounts import as_line, diagnostics_of
from traceeval.cli._failures import UNREADABLE, USAGE, exits, printable
from traceeval.cli._suites import LEVELS

if TYPE_CHECKING:
    from traceeval.model import Trace
    from traceeval.replay.sandbox import Wanted
    from traceeval.run import Gap, ToolLint, ToolRow


@click.group()
def command() -> None:
    """Check what people wrote: annotations of tools, scenarios."""


@command.command("tools")
@click.argument("file", metavar="FILE")
@click.argument("paths", nargs=-1, metavar="[TRACES]...")
@click.option("--from", "format", envvar="TRACEEVAL_FROM", metavar="NAME", help="Input format; default: recognised.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@exits
def tools(file: str, paths: tuple[str, ...], format: str | None, as_json: bool) -> int:
    """Say what each field that FILE leaves open would unlock, and what in it cannot be right.

    FILE: a tools.yaml. TRACES: files, folders or globs; with them the calls, the answers that are unknown, and tools and
    arguments that are misspelt are told too. Exit codes: 0 nothing is wrong, whatever is open; 2 the file has to be
    corrected; 3 a trace could not be read.
    """
    from traceeval.graph import load_tools
    from traceeval.run import lint_tools

    unreadable: list[str] = []
    found = lint_tools(load_tools(file), _traces(paths, format, unreadable))
    click.echo(json.dumps(dataclasses.asdict(found), indent=2) if as_json else "\n".join(_lines(file, found)))
    for text in unreadable:
        click.echo(f"traceeval: {text}", err=True)
    if any(problem.level == "error" for problem in found.problems):
        return USAGE
    return UNREADABLE if unreadable else 0


@command.command("references")
@click.argument("suite", metavar="SUITE")
@click.option("--sandbox", type=click.Choice(LEVELS), default="auto", show_default=True, help="Demand this level.")
@click.option("--workers", type=click.IntRange(1), metavar="N", help="Default: one per core.")
@exits
def references(suite: str, sandbox: Wanted, workers: int | None) -> int:
    """Replay what each scenario of SUITE says is right, and say what cannot be meant so.

    Its solution has to pass, as every paraphrase tells it, and without breaking the scenario's own policy; doing nothing
    must not; no step may be idle; no matcher may take a near miss. Exit codes: 0 nothing to correct; 2 something is.
    """
    from traceeval.engines import engine
    from traceeval.replay import load_suite
    from traceeval.replay.sandbox import Walls
    from traceeval.report._numbers import plural
    from traceeval.run import lint_references

    loaded = load_suite(suite)
    found = lint_references(loaded, engine("pool", workers), Walls(wanted=sandbox))
    for flaw in found:
        click.echo(printable(f"{flaw.where}: {flaw.level} {flaw.check}: {flaw.scenario}: {flaw.text}"))
    errors = sum(flaw.level == "error" for flaw in found)
    told = ((len(loaded.scenarios), "scenario"), (errors, "error"), (len(found) - errors, "warning"))
    click.echo(", ".join(plural(count, what) for count, what in told))
    return USAGE if errors else 0


def _traces(paths: tuple[str, ...], format: str | None, unreadable: list[str]) -> Iterator[Trace]:
    from traceeval.adapters import read_records
    from traceeval.model import Trace

    for record in read_records(paths, format=format) if paths else ():
        unreadable += (as_line(one) for one in diagnostics_of(record) if one.level == "error")
        if isinstance(record, Trace):
            yield record


def _lines(file: str, found: ToolLint) -> Iterator[str]:
    declared = sum(row.declared for row in found.rows)
    yield f"{file}: {declared} tools declared" + (
        f", {len(found.rows) - declared} more in {found.traces} traces" if found.traces else ""
    )
    if found.asked:
        share = found.decided / found.asked
        yield f"rules that decide: {found.decided} of {found.asked} (rule, trace) pairs, {share:.1%}"
    for problem in found.problems:
        yield printable(f"{problem.level} {problem.tool}: {problem.text}")
    open_ = [row for row in found.rows if row.gaps]
    for row in open_:
        yield from _row(row, found.traces)
    if not open_:
        yield "every field that a rule rests on is said"
    elif any(not row.declared for row in open_):
        yield "traceeval annotate TRACES... drafts what the file does not say"


def _row(row: ToolRow, traces: int) -> Iterator[str]:
    where = "" if row.declared else ", not in the file"
    calls = f", {row.calls} calls" if traces else ""
    rests = f", {row.inferred} findings rest on inference" if row.inferred else ""
    yield printable(f"{row.name}: {row.effect}{calls}{where}{rests}")
    yield from (printable(f"  {gap.field:<18} {_gap(gap)}") for gap in row.gaps)


def _gap(gap: Gap) -> str:
    meanwhile = f"assumed {gap.guess}" if gap.guess is not None else "nothing is assumed"
    unknown = f"; {gap.unknown} answers are unknown for want of it" if gap.unknown else ""
    return f"{meanwhile}; would unlock {', '.join(gap.rules) or 'those answers'}{unknown}"
