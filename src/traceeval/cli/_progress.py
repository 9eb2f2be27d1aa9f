"""A progress line on stderr, when that is a terminal and nobody asked for silence."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from traceeval.run import Totals


@contextmanager
def progress(*, show: bool) -> Iterator[Callable[[Totals], None]]:
    """Yields a function to call with the running totals; it draws traces, rate and time, or does nothing."""
    if not (show and sys.stderr.isatty()):
        yield lambda totals: None
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (
        SpinnerColumn(),
        TextColumn("{task.completed:,.0f} traces"),
        TextColumn("{task.fields[rate]}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("evaluate", total=None, rate="")

        def tell(totals: Totals) -> None:
            speed = bar.tasks[0].finished_speed or bar.tasks[0].speed
            bar.update(task, completed=totals.traces, rate=f"{speed:,.0f} traces/s" if speed else "")

        yield tell


def trials_progress(*, show: bool) -> AbstractContextManager[Callable[[int, int], None]]:
    """A bar of trials."""
    return counted_progress("replay", "trials", show=show)


@contextmanager
def counted_progress(what: str, unit: str, *, show: bool) -> Iterator[Callable[[int, int], None]]:
    """Yields a function to call with how many are done and of how many; it draws a bar with rate and time left, or nothing."""
    if not (show and sys.stderr.isatty()):
        yield lambda done, all: None
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn(what),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None, rate="")

        def tell(done: int, all: int) -> None:
            speed = bar.tasks[0].speed
            bar.update(task, completed=done, total=all, rate=f"{speed:,.1f} {unit}/s" if speed else "")

        yield tell
