"""A checked set as lines of plain text."""

from __future__ import annotations

from collections.abc import Iterator

from traceeval.measures.safe_text import inline
from traceeval.model import ContaminationReport
from traceeval.report._numbers import number, percent, plural


def contamination_lines(report: ContaminationReport) -> Iterator[str]:
    """What was found, check by check; then what was not checked, and why."""
    for one in report.giveaways:
        where = f"{one.with_label:,} rows with it, {one.without:,} without"
        yield f"GIVES AWAY {inline(one.label)!r}: {inline(one.string, 60)!r} alone reaches {number(one.balanced_accuracy, 3)} ({where})"
    for copy in report.copied:
        yield f"STANDS ELSEWHERE: {inline(copy.row, 60)}, {percent(copy.share)} of its text: {inline(copy.words, 100)}"
    yield from (f"CANARY: {inline(one, 80)} stands in what was searched" for one in report.canaries)
    for pair in report.twins:
        how = "one family" if pair.alike is None else f"{percent(pair.alike)} the same words"
        yield f"ACROSS SPLITS: {inline(pair.one, 60)} and {inline(pair.other, 60)}: {how}"
    verdict = "nothing found" if report.clean else "; ".join(contamination_counts(report)) or "labels are given away"
    yield f"{plural(report.rows, 'row')}: {verdict}"
    yield from (f"not checked: {one}" for one in report.skipped)


def contamination_counts(report: ContaminationReport) -> list[str]:
    """How much was found of what was looked for; none is no finding where nobody looked, and is not told."""
    counts = [f"{plural(report.copied_rows, 'row')} stand elsewhere"] if report.copied_rows else []
    return counts + ([f"{plural(report.twin_pairs, 'pair')} across splits"] if report.twin_pairs else [])
