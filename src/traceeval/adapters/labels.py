"""Answer keys of planted faults: recognised so that they are no broken traces, and never read into a score."""

from __future__ import annotations

from collections.abc import Iterator
from io import BufferedReader

from traceeval.adapters._records import pieces
from traceeval.adapters._sample import Sample
from traceeval.adapters._tally import Record, Tally
from traceeval.registry import adapter

NAME = "labels"


def sniff(sample: Sample) -> tuple[float, str]:
    """``trace``, ``fault`` and ``finding`` in one row."""
    wanted = {"trace", "fault", "finding"}
    return (0.98, "labels of planted faults") if wanted <= set(sample.keys) else (0.0, "no trace, fault and finding")


@adapter(NAME, sniff=sniff)
def labels(stream: BufferedReader, where: str) -> Iterator[Record]:
    """Nothing but the account: an evaluation must not see the answers."""
    tally = Tally(NAME, where)
    return tally.closing(_rows(stream, where, tally))


def _rows(stream: BufferedReader, where: str, tally: Tally) -> Iterator[Record]:
    for piece in pieces(stream, where):
        if piece.why is not None:
            yield tally.damage(piece.line, piece.why)
        else:
            tally.records += 1
            tally.kept["record.label"] += 1
