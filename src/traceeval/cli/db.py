"""``traceeval db``: the database of a queue."""

from __future__ import annotations

import os
from pathlib import Path

import click

from traceeval.cli._failures import exits
from traceeval.cli.review import DEFAULT_QUEUE


@click.group()
def command() -> None:
    """Back up the database of a review queue."""


@command.command("backup")
@click.option("--queue", "url", envvar="TRACEEVAL_QUEUE", default=DEFAULT_QUEUE, show_default=True, metavar="URL")
@click.option(
    "--out", required=True, type=Path, help="A new file; SQLite: opens as a queue, PostgreSQL: for pg_restore."
)
@exits
def backup_(url: str, out: Path) -> None:
    """Copy a queue while it is in use, and verify the copy. Restore: name the copy with --queue, or pg_restore it."""
    from traceeval.review import backup

    made = backup(url, out, environment=os.environ)
    record = "" if made.verified is None else f"; {made.verified.events} events verified, head {made.verified.head}"
    click.echo(f"{made.path}: {made.size:,} bytes{record}")
