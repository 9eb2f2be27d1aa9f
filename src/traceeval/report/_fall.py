"""The loss waterfall as rows: the terms, below the retrieval term its parts, below recall its retrievers."""

from __future__ import annotations

from collections.abc import Iterator

from traceeval.model import Waterfall


def fall_rows(fall: Waterfall) -> Iterator[tuple[int, str, float | None]]:
    """(depth, name, mean loss) from the pool to the prompt, then the total. Rows of one depth below another add up to it.

    Retrievers are named by traces: whoever writes a name out makes it safe.
    """
    yield 0, "retrieval", fall.retrieval
    yield from parts_of(fall)
    yield 0, fall.middle, fall.rerank
    yield 0, "assembly", fall.assembly
    yield 0, "total", fall.total


def parts_of(fall: Waterfall) -> Iterator[tuple[int, str, float]]:
    """The rows below the retrieval term; none when it has no parts."""
    for part, value in fall.parts.items():
        yield 1, part, value
        if part == "recall":
            yield from ((2, name, share) for name, share in fall.searches.items())
