"""``traceeval trend``: one measure over the runs on disk."""

from __future__ import annotations

from pathlib import Path

import click

from traceeval.cli._failures import exits


@click.command()
@click.argument("metric", metavar="METRIC")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--out", metavar="FILE", help="Also write the page, with the plot.")
@click.option("--plot", metavar="FILE", help="Also draw it as SVG.")
@click.option("--json", "json_", is_flag=True, help="Print it as JSON.")
@exits
def command(metric: str, paths: tuple[str, ...], out: str | None, plot: str | None, json_: bool) -> None:
    """Show how METRIC went over the runs under PATHs, each with its interval, new versions marked.

    Runs of another application or suite, with other settings, or without a figure are named and left out.
    """
    from traceeval.run import trend_of

    found = trend_of(metric, paths)
    if out is not None:
        from traceeval.report import render_trend_page

        render_trend_page(found, Path(out))
    if plot is not None:
        from traceeval.report import trend_plot

        Path(plot).write_text(trend_plot(found), encoding="utf-8")
    if json_:
        from traceeval.cli._report import as_json

        click.echo(as_json(found))
        return
    from rich.console import Console

    from traceeval.report import render_trend

    render_trend(found, Console())
