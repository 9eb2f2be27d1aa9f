"""Options about suites that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from traceeval.run import ReplayOrder

F = TypeVar("F", bound=Callable[..., Any])
LEVELS = ("auto", "container", "netns", "guard", "none")

_OPTIONS = (
    click.option("--n", type=click.IntRange(1), metavar="N", help="Trials a cell; default: what each scenario says."),
    click.option("--only", metavar="TAG", help="Scenarios with this tag, or whose id begins so; or one cell."),
    click.option(
        "--sandbox",
        type=click.Choice(LEVELS),
        default="auto",
        show_default=True,
        help="Demand this level, or none at all; container: you say that you run in one.",
    ),
    click.option("--env", "env", multiple=True, metavar="NAME", help="A variable trials may see; repeatable."),
    click.option("--engine", type=click.Choice(["serial", "pool"]), help="Default: pool."),
    click.option("--workers", type=click.IntRange(1), metavar="N", help="Default: one per core."),
)


def suite_options(command: F) -> F:
    """Add the options to a command."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def order_of(suite: str, agent: str, folder: str, **given: Any) -> ReplayOrder:
    """What to replay, from the options."""
    from pathlib import Path

    from traceeval.engines import engine as make_engine
    from traceeval.replay import load_suite
    from traceeval.replay.sandbox import Walls
    from traceeval.run import BASELINES, ReplayOrder

    return ReplayOrder(
        suite=load_suite(suite),
        agent=agent,
        folder=Path(folder),
        n=given["n"],
        only=given["only"],
        resume=given.get("resume", False),
        baselines=given.get("baselines", BASELINES),
        walls=Walls(wanted=given["sandbox"], env=tuple(given["env"])),
        engine=make_engine(given["engine"] or "pool", given["workers"]),
        progress=given.get("progress", lambda done, all: None),
    )
