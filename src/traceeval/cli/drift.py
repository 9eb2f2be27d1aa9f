"""``traceeval drift``: whether production still looks like the window it was tested on."""

from __future__ import annotations

from pathlib import Path

import click

from traceeval.cli._failures import exits
from traceeval.cli._report import tell


@click.command()
@click.argument("base", metavar="BASE")
@click.argument("head", metavar="HEAD")
@click.option("--out", metavar="FILE", help="Also write the page, with a plot.")
@click.option("--json", "json_", is_flag=True, help="Print it as JSON.")
@exits
def command(base: str, head: str, out: str | None, json_: bool) -> None:
    """Compare two windows of traces that `traceeval evaluate` wrote, not case by case but as distributions.

    Scores, the mix of tools and documents, and the words people use; what moved most is named.
    """
    from traceeval.report import drift_lines, render_drift_page
    from traceeval.run import drift_between

    report = drift_between(base, head)
    if out is not None:
        render_drift_page(report, Path(out))
    tell(report, drift_lines, json_=json_)
