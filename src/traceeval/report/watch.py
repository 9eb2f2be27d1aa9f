"""Watched measures as lines of plain text: alarms first."""

from __future__ import annotations

from collections.abc import Iterator

from traceeval.measures.safe_text import inline
from traceeval.model import WatchedMetric, WatchReport
from traceeval.report._numbers import interval, number, percent, plural


def watch_lines(report: WatchReport) -> Iterator[str]:
    """A line a measure, and what the alarms are worth."""
    for row in sorted(report.metrics, key=lambda row: (row.alarm_at is None, row.metric)):
        yield _line(row)
    yield f"the chance that any of these ever raises a false alarm is {percent(report.alpha)}, however often one looks"


def _line(row: WatchedMetric) -> str:
    lay = f"lay in {interval(row.low, row.high)} ({plural(row.reference, 'trace')})"
    if row.alarm_at is None:
        nearest = max(row.rose, row.fell)
        return f"quiet: {row.metric} {lay}, is {number(row.mean)} ({plural(row.n, 'trace')}); evidence {nearest:.3g} of {row.needed:.3g}"
    at = f"after {plural(row.alarm_at, 'trace')}, at {inline(row.trace or '', 60)}"
    return f"ALARM: {row.metric} {row.way}: {lay}, is {number(row.mean)} ({plural(row.n, 'trace')}); shown {at}"
