"""``traceeval confidence``: whether what an application says about how sure it is can be believed."""

from __future__ import annotations

from pathlib import Path

import click

from traceeval.cli._failures import exits
from traceeval.cli._report import tell


@click.command()
@click.argument("folder", metavar="FOLDER")
@click.option("--plot", metavar="FILE", help="Also draw stated against true, as SVG.")
@click.option("--json", "json_", is_flag=True, help="Print it as JSON.")
@exits
def command(folder: str, plot: str | None, json_: bool) -> None:
    """Compare the confidence that answers state, in numbers or by hedges, with how they ended; FOLDER is one of `evaluate`."""
    from traceeval.report import confidence_lines, confidence_plot
    from traceeval.run import folder_confidence

    report = folder_confidence(folder)
    if plot is not None:
        Path(plot).write_text(confidence_plot(report), encoding="utf-8")
    tell(report, confidence_lines, json_=json_)
