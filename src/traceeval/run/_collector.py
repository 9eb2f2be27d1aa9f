"""The garbage collector while traces stream by.

What a trace leaves behind is freed without it, for there are no cycles in it; by default the collector still walks
through all that is alive every few hundred objects, which is a tenth of the time of a run.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_MOST_LEFT = 200_000
"""Objects a plug-in may leave in cycles before they are looked for: some tens of megabytes."""


@contextmanager
def seldom_collecting() -> Iterator[None]:
    """Inside, cycles are looked for when ``_MOST_LEFT`` more objects are alive than at the last look, not every 700."""
    before = gc.get_threshold()
    if before[0]:  # 0: somebody turned it off, and it stays off
        gc.set_threshold(max(_MOST_LEFT, before[0]), *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
