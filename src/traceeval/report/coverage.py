"""Evaluation data against production, as lines of plain text, and as a plot of kinds."""

from __future__ import annotations

from collections.abc import Iterator

from traceeval.measures.safe_text import inline
from traceeval.model import AskedKind, CoverageReport, Interval
from traceeval.report._numbers import number, percent, percents, plural
from traceeval.report.forest_plot import Mark, forest

_LISTED, _UNSURE, _DRAWN = 10, 5, 24


def coverage_lines(report: CoverageReport) -> Iterator[str]:
    """What is covered, the kinds that are not with what to make cases of, and whether the cases are the easy ones."""
    yield coverage_headline(report)
    if report.covered is None:
        return
    for kind in report.gaps[:_LISTED]:
        yield f"NO CASE: {told(kind)}"
        for one in kind.exemplars:
            yield f"  {inline(one.trace, 40)}  risk {one.level:.2f}  {inline(one.title, 100)}"
    if len(report.gaps) > _LISTED:
        yield f"and {len(report.gaps) - _LISTED} more kinds without a case; --json lists all"
    yield from coverage_notes(report)


def coverage_headline(report: CoverageReport) -> str:
    """The verdict in a sentence."""
    beside = f"{plural(report.traces, 'trace')}, {plural(report.cases, 'case')}"
    if report.covered is None:
        return f"Not decidable: {report.why} ({beside})"
    gaps = plural(len(report.gaps), "kind")
    lack = f"{gaps} of {percent(report.least)} or more {'has' if len(report.gaps) == 1 else 'have'} none"
    return f"Cases are like {share(report.covered)} of production; {lack} ({beside})"


def coverage_notes(report: CoverageReport) -> Iterator[str]:
    """What else bears on it."""
    if report.easy is not None:
        yield f"easy (no finding, low risk, not known as wrong): {share(report.easy)} of production"
    if report.easier is not None and report.easy_cases is not None:
        word = "THE CASES ARE THE EASY ONES" if report.tilted else "no tilt to easy cases shown"
        gap = f"{number(report.easier.value)} ({number(report.easier.low)} to {number(report.easier.high)})"
        yield f"{word}: kinds as the cases weigh them are easy in {share(report.easy_cases)}: {gap} over production"
    if report.small:
        yield f"{plural(report.small, 'trace')} in kinds without a case, each under {percent(report.least)} of production"
    if report.undecided:
        n = sum(kind.traces for kind in report.undecided)
        kinds = plural(len(report.undecided), "kind")
        means = "neither words nor documents" if report.by_documents else "words alone do not"
        yield (
            f"UNDECIDED: {plural(n, 'trace')} in {kinds}, in the interval: no case is asked in their words, "
            f"and {means} tell whether some ask it in others"
        )
        for kind in report.undecided[:_UNSURE]:
            yield f"  {told(kind)}; {plural(kind.beside, 'case')} of its theme"
    if report.by_documents:
        yield f"{plural(report.by_documents, 'trace')} told apart by the documents that were found for them"
    if report.scattered:
        yield f"{plural(report.scattered, 'trace')} asked like hardly any other and like no case: unknown, in the interval"
    if report.idle_cases:
        names = ", ".join(inline(name, 60) for name in report.idle[:5])
        more = f" and {report.idle_cases - 5} more" if report.idle_cases > 5 else ""
        yield f"{plural(report.idle_cases, 'case')} that nothing in production is like: {names}{more}"
    if report.by_words:
        yield f"{plural(report.by_words, 'case')} compared by words alone: no solution or milestone says which tools answer it"


def told(kind: AskedKind) -> str:
    """What a kind is."""
    asked = (
        f"asks about {', '.join(inline(word, 30) for word in kind.words)}" if kind.words else "asks in no known words"
    )
    tools = ", ".join(inline(tool, 40) for tool in kind.tools) or "no tool"
    return f"{share(kind.share)} of production, {plural(kind.traces, 'trace')}: {asked}; {tools}"


def share(one: Interval) -> str:
    """``12 % (10–14 %)``."""
    return f"{percent(one.value)} ({percents(one.low, one.high)})"


def coverage_plot(report: CoverageReport) -> str:
    """The largest kinds by their share of production; those without a case are diamonds and stand first, rings are undecided."""
    marks = [
        Mark(
            f"{', '.join(kind.words[:3]) or 'no known words'}; {', '.join(kind.tools) or 'no tool'}",
            kind.share.value or 0.0,
            kind.share.low or 0.0,
            kind.share.high or 0.0,
            flagged=kind.gap is True,
            undecided=kind.gap is None,
        )
        for kind in report.kinds[:_DRAWN]
    ]
    most = max([0.1, *(mark.high for mark in marks)])
    across = f"share of production; a diamond has no case, a ring is undecided; dashes: {percent(report.least)}"
    return forest("Kinds of what production asks", marks, report.least, (0.0, most), across)
