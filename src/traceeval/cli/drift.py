"""``traceeval drift``: whether production still looks like the window it was tested on."""

from __future__ import annotations

import click

from traceeval.cli._failures import exits
from traceeval.cli._report import tell


@click.command()
@click.argument("base", metavar="BASE")
@click.argument("head", metavar="HEAD")
@click.option("--json", "json_", is_flag=True, help="Print it as JSON.")
@exits
def command(base: str, head: str, json_: bool) -> None:
    """Compare two windows of traces that `traceeval evaluate` wrote, not case by case but as distributions.

    Scores, the mix of tools and documents, and the words people use; what moved most is named.
    """
    from traceeval.report import drift_lines
    from traceeval.run import drift_between

    report = drift_between(base, head)
    tell(report, drift_lines, json_=json_)
