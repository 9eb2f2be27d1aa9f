"""``traceeval saturation``: whether a suite still tells versions apart."""

from __future__ import annotations

import click

from traceeval.cli._failures import exits


@click.command()
@click.argument("folders", nargs=-1, required=True, metavar="FOLDER...")
@click.option("--json", "json_", is_flag=True, help="Print it as JSON.")
@exits
def command(folders: tuple[str, ...], json_: bool) -> None:
    """Set the pass rates of every case side by side over FOLDERs, one a version, of `traceeval replay` or `evaluate`."""
    from traceeval.report import saturation_lines
    from traceeval.run import saturation_of

    report = saturation_of(folders)
    if json_:
        from traceeval.cli._people import as_json

        click.echo(as_json(report))
        return
    for line in saturation_lines(report):
        click.echo(line)
