"""A report on stdout, the same way for every command: JSON for machines, or lines for people."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

import click

T = TypeVar("T")


def tell(report: T, lines: Callable[[T], Iterable[str]], *, json_: bool) -> None:
    """Print it as indented JSON, or as what ``lines`` makes of it."""
    if json_:
        from traceeval.cli._people import as_json

        click.echo(as_json(report))
        return
    for line in lines(report):
        click.echo(line)
