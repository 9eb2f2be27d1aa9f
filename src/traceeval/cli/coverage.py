"""``traceeval coverage``: whether evaluation data asks what production asks."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from traceeval.cli._failures import GATE_FAILED, UNREADABLE, exits
from traceeval.cli._report import tell

if TYPE_CHECKING:
    from traceeval.model import CoverageReport

UNDECIDABLE = UNREADABLE  # 3: there is too little to say


@click.command()
@click.argument("folder", metavar="RUN")
@click.argument("suites", nargs=-1, required=True, metavar="SUITE...")
@click.option(
    "--least", type=click.FloatRange(0, 1, min_open=True), default=0.01, show_default=True, metavar="SHARE",
    help="Kinds of at least this share of production need a case.",
)  # fmt: skip
@click.option(
    "--fail-under", "gates", multiple=True, metavar="NAME=VALUE",
    help="Gate on the worse bound: covered=0.8 (at least), easier=0.1 (at most); repeatable.",
)  # fmt: skip
@click.option("--out", metavar="FILE", help="Also write the page, with a plot.")
@click.option("--json", "json_", is_flag=True, help="Print it as JSON.")
@exits
def command(
    folder: str, suites: tuple[str, ...], least: float, gates: tuple[str, ...], out: str | None, json_: bool
) -> int:
    """Say which kinds of what production asks no case of SUITEs is like, and whether the cases are the easy ones.

    RUN is a folder of `traceeval evaluate` on production; SUITEs are suites of scenarios, folders of `replay` (then with
    the tools that were called), or sets that `evaluate` scored. Exit codes: 0 done, 1 a gate failed, 2 usage, 3 too few
    traces to say.
    """
    from traceeval.report import coverage_lines, render_coverage_page
    from traceeval.risk import load_policy
    from traceeval.run import coverage_of, limits_on

    limits = limits_on(("covered", "easier"), gates)
    report = coverage_of(folder, suites, load_policy().queue_level, least=least)
    if out is not None:
        render_coverage_page(report, Path(out))
    tell(report, coverage_lines, json_=json_)
    if report.gaps and not json_:
        click.echo("traceeval scenario suggest RUN --beside SUITE draws traces of them; `scenario from-trace` pins one")
    return _held(report, limits)


def _held(report: CoverageReport, limits: dict[str, float]) -> int:
    """3 when there is too little to say, 1 when a worse bound misses its value, else 0."""
    if report.covered is None:
        return UNDECIDABLE
    failed = False
    least, most = limits.get("covered"), limits.get("easier")
    if least is not None and (report.covered.low or 0.0) < least:
        click.echo(f"gate failed: covered: worse bound {report.covered.low:.4f} is under {least:g}", err=True)
        failed = True
    if most is not None and (report.easier is None or (report.easier.high or 0.0) > most):
        worst = "no case is like production" if report.easier is None else f"worse bound {report.easier.high:.4f}"
        click.echo(f"gate failed: easier: {worst}, at most {most:g} is allowed", err=True)
        failed = True
    return GATE_FAILED if failed else 0
