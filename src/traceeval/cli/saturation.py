"""``traceeval saturation``: whether a suite still tells versions apart."""

from __future__ import annotations

from pathlib import Path

import click

from traceeval.cli._failures import exits
from traceeval.cli._report import tell


@click.command()
@click.argument("folders", nargs=-1, required=True, metavar="FOLDER...")
@click.option("--out", metavar="FILE", help="Also write the page, with a plot.")
@click.option("--json", "json_", is_flag=True, help="Print it as JSON.")
@exits
def command(folders: tuple[str, ...], out: str | None, json_: bool) -> None:
    """Set the pass rates of every case side by side over FOLDERs, one a version, of `traceeval replay` or `evaluate`."""
    from traceeval.report import render_saturation_page, saturation_lines
    from traceeval.run import saturation_of

    report = saturation_of(folders)
    if out is not None:
        render_saturation_page(report, Path(out))
    tell(report, saturation_lines, json_=json_)
