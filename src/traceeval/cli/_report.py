"""A report on stdout, the same way for every command: JSON for machines, or lines for people."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

import click

T = TypeVar("T")


def tell(report: T, lines: Callable[[T], Iterable[str]], *, json_: bool) -> None:
    """Print it as indented JSON, or as what ``lines`` makes of it."""
    if json_:
        click.echo(as_json(report))
        return
    for line in lines(report):
        click.echo(line)


def as_json(value: object) -> str:
    """A value of ours, indented."""
    import msgspec

    return msgspec.json.format(msgspec.json.encode(value), indent=2).decode()
