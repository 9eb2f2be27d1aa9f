"""Drift between two windows as lines of plain text."""

from __future__ import annotations

from collections.abc import Iterator

from traceeval.measures.safe_text import inline
from traceeval.model import DriftReport, DriftRow
from traceeval.report._numbers import number, percent, plural
from traceeval.report.comparison import chance


def drift_lines(report: DriftReport) -> Iterator[str]:
    """What drifted, the surest first; then what was looked at."""
    drifted = [row for row in report.rows if row.drifted]
    yield from (f"DRIFT: {_line(row)}" for row in drifted)
    quiet = [row for row in report.rows if not row.drifted]
    if quiet:
        yield f"no drift shown: {', '.join(row.what for row in quiet)}"
    sampled = (
        f", a sample of {report.sampled[0]:,} and {report.sampled[1]:,}"
        if report.sampled != (report.base, report.head)
        else ""
    )
    yield f"{plural(report.base, 'trace')} against {report.head:,}{sampled}; p by permutation of traces, false discoveries controlled"


def _line(row: DriftRow) -> str:
    told = f"{row.what}, distance {number(row.distance)}, p {chance(row.adjusted)}"
    if row.kind == "values":
        return f"{told}: mean {number(row.base_mean, 3)} to {number(row.head_mean, 3)} ({row.base_n:,} and {row.head_n:,} traces)"
    moved = (f"{inline(one.name, 40)} {percent(one.base)} to {percent(one.head)}" for one in row.shifts)
    return f"{told}: {', '.join(moved)}"
