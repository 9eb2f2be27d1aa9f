"""One trial at a time, run and judged: what experiments with single trials are made of."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeAlias

import msgspec

from traceeval.errors import ConfigError
from traceeval.replay import Planned, Suite
from traceeval.replay.sandbox import Walls
from traceeval.run._trials import Judged, Troupe, pack

Judge: TypeAlias = Callable[[Planned], Judged]
"""Runs one trial and judges it."""


@contextmanager
def bench(suite: Suite, agent: str | Callable[..., object], walls: Walls) -> Iterator[Judge]:
    """Run trials of an agent in a sandbox of their own while the block lasts."""
    work = Troupe(suite=suite, agent=agent, walls=walls)()
    try:
        yield lambda planned: msgspec.json.decode(work(pack(planned)), type=Judged)
    finally:
        work.close()


def failing(judge: Judge, planned: Planned) -> Judged:
    """The trial, which has to fail.

    Raises:
        ConfigError: it does not: there is nothing to look for.
    """
    found = judge(planned)
    if found.outcome.result != "fail":
        why = f" ({found.outcome.why})" if found.outcome.why else ""
        raise ConfigError(
            f"{planned.id}: it comes to {found.outcome.result}{why}, not to fail; name a trial that fails"
        )
    return found
