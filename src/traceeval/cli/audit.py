"""``traceeval audit``: the chain of what happened in a queue."""

from __future__ import annotations

import json
from pathlib import Path

import click

from traceeval.cli._failures import GATE_FAILED, exits
from traceeval.cli.review import DEFAULT_QUEUE
from traceeval.errors import ConfigError
from traceeval.review import Checkpoint, Store
from traceeval.review import checkpoint as take
from traceeval.review import verify as walk


@click.group()
def command() -> None:
    """Verify the record of a queue, or export a checkpoint of it."""


@command.command("verify")
@click.option("--queue", "url", envvar="TRACEEVAL_QUEUE", default=DEFAULT_QUEUE, show_default=True, metavar="URL")
@click.option("--checkpoint", "file", help="A checkpoint kept outside the database.")
@exits
def verify(url: str, file: str | None) -> int:
    """Walk the chain, match every verdict and decision with its event; exit 1 names the first that does not hold."""
    found = walk(Store(url, create=False), _read(file) if file else None)
    if found.problem is not None:
        click.echo(f"NOT intact: {found.problem} ({found.events} events hold before it)", err=True)
        return GATE_FAILED
    word = "complete up to the checkpoint" if found.complete else "chain consistent, not proven complete"
    click.echo(f"{found.events} events, {word}; head {found.head}")
    return 0


@command.command("checkpoint")
@click.option("--queue", "url", envvar="TRACEEVAL_QUEUE", default=DEFAULT_QUEUE, show_default=True, metavar="URL")
@exits
def checkpoint(url: str) -> None:
    """Print the present end of the chain; keep it on other storage."""
    point = take(Store(url, create=False))
    click.echo(json.dumps({"seq": point.seq, "hash": point.hash}))


def _read(file: str) -> Checkpoint:
    try:
        body = json.loads(Path(file).read_text(encoding="utf-8"))
        return Checkpoint(int(body["seq"]), str(body["hash"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ConfigError(f"{file}: no checkpoint ({error}); `traceeval audit checkpoint` prints one") from error
