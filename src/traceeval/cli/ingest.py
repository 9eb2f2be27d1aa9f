"""``traceeval ingest``: any known format to canonical JSON lines."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from pathlib import Path

import click
import msgspec

from traceeval.cli._accounts import as_account, as_line, diagnostics_of
from traceeval.cli._failures import UNREADABLE, exits
from traceeval.cli._rows import TRACES, Rows, row_of
from traceeval.model import LossReport


@click.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--from", "format", envvar="TRACEEVAL_FROM", metavar="NAME", help="Input format; default: recognised.")
@click.option("--to", "target", required=True, metavar="DIR|-", help="Folder to write to, or - for standard output.")
@exits
def command(paths: tuple[str, ...], format: str | None, target: str) -> int:
    """Convert traces of any known format to canonical JSON lines.

    PATH: files, folders, globs, or - for standard input. Writes DIR/traces.jsonl, and gold.jsonl and imported.jsonl
    where there is gold or a score of another tool; with --to - the traces go to standard output. Diagnostics and the
    account of every file go to standard error. Exit codes: 0 done, 2 usage, 3 input unreadable in part.
    """
    from traceeval.adapters import read_records

    unreadable = False
    with contextlib.ExitStack() as stack:
        rows = _Lines() if target == "-" else stack.enter_context(Rows(Path(target)))
        for record in read_records(paths, format=format):
            name, row = row_of(record)
            if name is not None:
                rows.write(name, row)
            for diagnostic in diagnostics_of(record):
                unreadable = unreadable or diagnostic.level == "error"
                click.echo(as_line(diagnostic), err=True)
            if isinstance(record, LossReport):
                click.echo(as_account(record), err=True)
    for file, count in rows.counts.items():
        click.echo(f"wrote {file}: {count} rows", err=True)
    return UNREADABLE if unreadable else 0


class _Lines:
    """Traces to standard output; what is none is told on stderr alone."""

    counts: Mapping[str, int] = {}

    def write(self, name: str, row: object) -> None:
        """Print a trace."""
        if name == TRACES:
            click.echo(msgspec.json.encode(row))
