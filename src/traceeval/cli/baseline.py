"""``traceeval baseline``: what a suite says of an agent that does nothing, anything, or the right thing."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import click

from traceeval.cli._failures import exits
from traceeval.cli._suites import order_of, suite_options


@click.command()
@click.argument("name", type=click.Choice(["noop", "random", "reference"]))
@click.argument("suite", metavar="SUITE")
@suite_options
@exits
def command(name: str, suite: str, **given: Any) -> None:
    """Print how many scenarios of SUITE the baseline passes, and each that it does not.

    noop says one word. random makes calls the schemas allow. reference follows each scenario's solution.
    """
    from traceeval.report._numbers import plural
    from traceeval.run import replay

    with tempfile.TemporaryDirectory(prefix="traceeval-") as folder:
        order = order_of(suite, "noop", str(Path(folder) / "out"), **{**given, "baselines": (name,)})
        found = replay(order.only_baselines())
    (row,) = found.summary.baselines
    click.echo(f"{name} passes {row.passed} of {plural(row.scenarios, 'scenario')}")
    for id in row.failed:
        click.echo(f"  fails {id}")
    for id in row.unjudged:
        click.echo(f"  nobody could judge {id}")
