"""What a suite still tells, as lines of plain text."""

from __future__ import annotations

from collections.abc import Iterator

from traceeval.measures.safe_text import inline
from traceeval.model import SaturationReport, SaturationRow
from traceeval.report._numbers import interval, number, percent, plural

_LISTED = 20
WORDS = {"ceiling": "everybody passes", "floor": "nobody passes", "telling": "tells versions apart"}


def saturation_lines(report: SaturationReport) -> Iterator[str]:
    """The verdict, then the cases that tell nothing or tell the wrong way."""
    yield saturation_headline(report)
    worth = [row for row in report.rows if row.state != "telling" or row.inverted]
    yield from (_line(row) for row in worth[:_LISTED])
    if len(worth) > _LISTED:
        yield f"and {len(worth) - _LISTED} more; --json lists all"
    yield from saturation_notes(report)


def saturation_headline(report: SaturationReport) -> str:
    """The verdict in a sentence."""
    word = "SATURATED" if report.saturated else "tells versions apart"
    cases, versions = plural(len(report.rows), "case"), plural(len(report.versions), "version")
    return f"{word}: of {cases} everybody passes {percent(report.ceiling)}, nobody {percent(report.floor)} ({versions})"


def saturation_notes(report: SaturationReport) -> Iterator[str]:
    """What could not be told."""
    if len(report.versions) < 3:
        yield "discrimination needs three versions or more"


def _line(row: SaturationRow) -> str:
    told = f"{WORDS[row.state]}: {inline(row.case, 80)}, {number(row.rate)} ({interval(row.low, row.high)})"
    return f"{told}; better versions pass it less often (r {number(row.discrimination)})" if row.inverted else told
