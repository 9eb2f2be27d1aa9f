"""``traceeval runs``: what was evaluated and replayed so far."""

from __future__ import annotations

import click

from traceeval.cli._failures import UNREADABLE, exits


@click.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--json", "json_", is_flag=True, help="Print it as JSON, with every figure.")
@exits
def command(paths: tuple[str, ...], json_: bool) -> int:
    """List the folders that `traceeval evaluate` and `traceeval replay` wrote under PATHs, the oldest first.

    Each with its version, its figures with intervals, and whether it is complete. Exit codes: 0 done, 2 usage, 3 a folder
    could not be read.
    """
    from traceeval.run import list_runs

    found = list_runs(paths)
    if json_:
        from traceeval.cli._report import as_json

        click.echo(as_json(found))
    else:
        from rich.console import Console

        from traceeval.report import render_runs

        render_runs(found, Console())
    return UNREADABLE if any(run.status == "unreadable" for run in found.runs) else 0
