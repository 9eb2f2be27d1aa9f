"""Estimates and agreement as lines of text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from traceeval.measures.agreement import Agreement
    from traceeval.measures.estimation import Estimate
    from traceeval.measures.resampling import Coefficient
    from traceeval.measures.unseen import Unseen
    from traceeval.review._rates import Rate
    from traceeval.review.adjudications import Adjudications
    from traceeval.review.agreement import Measured
    from traceeval.review.estimates import Estimates


def estimate_lines(found: Estimates) -> Iterator[str]:
    """A frame's outcomes, each with its interval, and what nobody reviewed."""
    yield f"queue {found.queue}, frame {found.frame}: {found.size} traces, {found.drawn} drawn by plan"
    counted = f"{found.answered} answered, {found.unanswered} closed without an answer, {found.open} open"
    yield f"{counted}; {found.unreplicated} answers of one person; score: {found.score}"
    if found.waiting:
        yield found.waiting
        return
    if found.interim:
        yield "interim: only what was closed in the order of the plan counts"
    for rate in found.outcomes:
        yield from _rate_lines(rate)
    if found.harm is not None:
        yield _unseen(found.harm)


def _rate_lines(rate: Rate, indent: str = "") -> Iterator[str]:
    yield f"{indent}{rate.outcome}: {_estimate(rate.estimate)}"
    if rate.hajek is not None and rate.hajek != rate.estimate:
        yield f"{indent}  without the score: {_estimate(rate.hajek)}"
    if rate.bounds is not None:
        low, high = rate.bounds
        yield f"{indent}  {rate.unanswered} without an answer: {low:.3f} if all had the least, {high:.3f} the most"
    if rate.refusals:
        yield f"{indent}  no gate: {'; '.join(rate.refusals)}"
    for name, part in rate.slices.items():
        yield f"{indent}  {name} ({part.size} traces)"
        yield from _rate_lines(part, indent + "    ")


def _estimate(found: Estimate | None) -> str:
    if found is None:
        return "nothing to estimate from"
    slope = "" if found.slope is None else f", slope {found.slope:.2f}"
    weights = f"n {found.n}, effective {found.effective:.0f}, largest weight {found.largest:.1f}"
    return f"{found.value:.3f} [{found.low:.3f}, {found.high:.3f}] ({weights}{slope})"


def _unseen(found: Unseen) -> str:
    text = f"harm among the {found.units} traces nobody reviewed: at most {found.rate:.2%} (95 %)"
    return (
        f"{text}; about {found.halved_by} more reviews would halve that if they find none" if found.halved_by else text
    )


def agreement_lines(found: Sequence[Measured]) -> Iterator[str]:
    """A line per criterion, language and rubric version."""
    if not found:
        yield "nothing to compare yet: no item was judged by two people drawn for it"
    previous = None
    for one in found:
        if (one.rubric, one.lang) != previous:
            previous = (one.rubric, one.lang)
            yield f"rubric {one.rubric}, language {one.lang}"
        yield f"  {one.about}: {_agreement(one.reviewed, one.kind)}"
        yield f"    of the frame: {_agreement(one.population, one.kind)}"


def adjudication_lines(found: Adjudications) -> Iterator[str]:
    """What third persons decided, and why people differed."""
    if not found.changed.of:
        yield "nothing was adjudicated yet"
        return
    yield f"{found.decided} decided by a third person, {found.indeterminate} could not be decided"
    yield f"blind verdicts changed after seeing the others: {found.changed.count} of {found.changed.of}"
    for name, share in (("first", found.first), ("second", found.second)):
        yield f"marks as the {name} reviewer gave them: {share.count} of {share.of}"
    for cause, by in found.causes.items():
        told = ", ".join(f"{name or 'no criterion'} {count}" for name, count in by.items())
        yield f"{cause}: they differed on {told}"


def _agreement(found: Agreement, kind: str) -> str:
    name = "AC2" if kind == "mark" else "AC1"
    values = f"alpha {_coefficient(found.alpha)}, {name} {_coefficient(found.ac)}, raw {_coefficient(found.raw)}"
    missing = f"; {found.alpha.why}" if found.alpha.value is not None and found.alpha.why else ""
    return f"{found.label}: {values} ({found.units} items of {found.clusters} scenarios{missing})"


def _coefficient(found: Coefficient) -> str:
    if found.value is None:
        return f"undefined ({found.why})"
    return f"{found.value:.3f}" + ("" if found.low is None else f" [{found.low:.3f}, {found.high:.3f}]")
