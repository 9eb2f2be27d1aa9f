"""``traceeval validate``: the diagnostics alone."""

from __future__ import annotations

import click

from traceeval.cli._accounts import as_account, as_line, diagnostics_of
from traceeval.cli._failures import UNREADABLE, exits


@click.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--from", "format", envvar="TRACEEVAL_FROM", metavar="NAME", help="Input format; default: recognised.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a diagnostic.")
@exits
def command(paths: tuple[str, ...], format: str | None, as_json: bool) -> int:
    """Print the diagnostics of traces without scoring them.

    PATH: files, folders, globs, or - for standard input. The account of every file goes to standard error. Exit codes:
    0 everything was read, whatever had to be repaired; 2 usage; 3 something could not be read.
    """
    import msgspec

    from traceeval.adapters import read_records
    from traceeval.model import LossReport

    unreadable = False
    for record in read_records(paths, format=format):
        if isinstance(record, LossReport):
            click.echo(as_account(record), err=True)
        for diagnostic in diagnostics_of(record):
            unreadable = unreadable or diagnostic.level == "error"
            click.echo(msgspec.json.encode(diagnostic).decode() if as_json else as_line(diagnostic))
    return UNREADABLE if unreadable else 0
