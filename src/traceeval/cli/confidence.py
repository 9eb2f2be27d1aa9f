"""``traceeval confidence``: whether what an application says about how sure it is can be believed."""

from __future__ import annotations

from pathlib import Path

import click

from traceeval.cli._failures import exits


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
    if json_:
        from traceeval.cli._people import as_json

        click.echo(as_json(report))
        return
    for line in confidence_lines(report):
        click.echo(line)
