"""The sentences a report begins with, and what it must say of its checker."""

from __future__ import annotations

from collections.abc import Iterator

from traceeval.model import Aggregate, ComponentRow, Summary
from traceeval.report._calibration import calibration_line
from traceeval.report._numbers import counted, number, percent, percents, plural
from traceeval.report._slices import worst_line

HEADLINES = {
    "retriever": ("retriever.recall",),
    "reranker": ("reranker.lift",),
    "assembler": ("assembler.loss",),
    "generator": ("generator.grounded", "generator.support"),
    "tool": ("tool.exact", "tool.valid"),
}


def score_of(row: ComponentRow) -> Aggregate | None:
    """The score a component is known by: its headline where anything was eligible, else None."""
    known = {aggregate.scorer: aggregate for aggregate in row.scores}
    for name in HEADLINES.get(row.component.value, ()):
        found = known.get(name)
        if found is not None and found.coverage is not None:
            return found
    return None


def headline(summary: Summary) -> Iterator[str]:
    """Which component failed, what the end result hides, what a person should look at."""
    if not summary.traces:
        yield "Nothing was evaluated: the input holds no trace"
        return
    blamed = sorted((row for row in summary.components if row.blame), key=lambda row: -row.blame)
    if blamed:
        total = sum(row.blame for row in blamed)
        first, rest = blamed[0], blamed[1:]
        share = percent(first.blame / total)
        yield f"The {first.component.value} is to blame for {share} of the defects ({_count(first.blame)} of {_count(total)} traces)"
        if rest:
            yield "then " + ", ".join(f"the {row.component.value} ({_count(row.blame)})" for row in rest)
    else:
        yield "No defects found"
    counts = f"{plural(summary.traces, 'trace')}, {plural(summary.spans, 'span')}"
    if not summary.outcome.n:
        yield f"{counts}; no end result is known"
    else:
        right = f"{counts}; {percent(summary.outcome.value)} of {summary.outcome.n:,} known end results are right"
        if summary.fragility.n:
            low_high = percents(summary.fragility.low, summary.fragility.high)
            yield f"{right}; {percent(summary.fragility.value)} of those hide a failed component ({low_high})"
        else:
            yield right
    if summary.slices is not None and summary.slices.worst:
        yield worst_line(summary.slices.worst[0])
    if summary.queue is not None:
        yield f"{plural(summary.queue.drawn, 'trace')} queued for people, {summary.queue.must_see:,} of severity 5"


def _count(blame: float) -> str:
    """Shares of blame add up over traces; whole numbers need no decimals."""
    return number(blame, 0 if abs(blame - round(blame)) < 0.05 else 1)


def checker_lines(summary: Summary) -> Iterator[str]:
    """What spoke about grounding, and what it cannot see (faithfulness.md section 9)."""
    checker = summary.checker
    yield (
        f"checker {checker.get('id')}: finds missing support; does not verify contradictions or paraphrased inference. "
        + calibration_line(checker.get("calibration"))
    )
    outcomes = checker.get("outcomes") or {}
    if outcomes:
        yield f"claims: {counted(outcomes, 8)}; languages: {counted(checker.get('languages') or {})}"
