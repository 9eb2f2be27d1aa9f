"""Options of the commands that look into single trials."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from traceeval.cli._suites import LEVELS

F = TypeVar("F", bound=Callable[..., Any])

_OPTIONS = (
    click.option("--agent", required=True, metavar="AGENT", help="MODULE:FUNCTION, stdio:COMMAND, http:URL, ..."),
    click.option("--sandbox", type=click.Choice(LEVELS), default="auto", show_default=True, help="Demand this level."),
    click.option("--env", "env", multiple=True, metavar="NAME", help="A variable trials may see; repeatable."),
)


def bench_options(command: F) -> F:
    """Add the options to a command."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


trial_option = click.option(
    "--trial", required=True, metavar="ID", help="Which, as outcomes.jsonl names it: 'shop/cancel[seed=1]'."
)
