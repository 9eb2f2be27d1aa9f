"""What was measured of a judge, as lines of plain text."""

from __future__ import annotations

from collections.abc import Iterator

from traceeval.measures.safe_text import inline
from traceeval.model import Admission, Agreeing, Interval, JudgeReport, Probe, Screening
from traceeval.report._numbers import interval, money, number, plural, seconds


def figure(found: Interval, digits: int = 2) -> str:
    """``0.83 (0.70–0.91), n = 45``, or why there is none, or no interval."""
    if found.value is None:
        return f"undefined: {found.why}"
    ends = "" if found.low is None else f" ({interval(found.low, found.high, digits)})"
    return f"{number(found.value, digits)}{ends}, n = {found.n}" + (f" ({found.why})" if found.why else "")


def judge_lines(report: JudgeReport) -> Iterator[str]:
    """Agreement, screening, probes, and what it cost."""
    prompt = report.prompt[:12] or "not named"
    yield f"judge {inline(report.judge)}, prompt {inline(prompt)}: {report.unread} unreadable, {report.unmatched} nobody settled"
    for agreed in report.agreement:
        yield from _agreement(agreed)
    for found in report.screening:
        yield from _screening(found)
    if report.swap_consistency.value is not None:
        yield f"same preference in both orders: {figure(report.swap_consistency)}"
    if report.prefers_longer.value is not None:
        people = figure(report.people_prefer_longer)
        yield f"prefers the longer: {figure(report.prefers_longer)}; people: {people}"
    yield "what must not move it (95 % interval; p by Holm over all of them)"
    yield from (f"  {probe_line(probe)}" for probe in report.probes)
    yield f"cost: {money(report.usd)}, {seconds(report.seconds)}"
    yield f"flagged: {', '.join(name.replace('_', ' ') for name in report.flags) or 'nothing'}"


def _agreement(agreed: Agreeing) -> Iterator[str]:
    where = "".join(f", {inline(name)} {inline(value)}" for name, value in agreed.where.items())
    enough = "" if agreed.enough else " (insufficient: under 30)"
    near = "" if agreed.within_one is None else f"; within one mark {number(agreed.within_one)}"
    yield f"{inline(agreed.criterion or 'preference')}{where}: kappa {figure(agreed.kappa)}; equal {number(agreed.raw.value)}{near}{enough}"
    if agreed.where:
        return
    said = sorted({name for row in agreed.counts.values() for name in row})
    yield "  people \\ judge  " + "".join(f"{name:>9}" for name in said)
    for people, row in agreed.counts.items():
        yield f"  {people:<15} " + "".join(f"{row.get(name, 0):>9}" for name in said)


def _screening(found: Screening) -> Iterator[str]:
    yield f"{inline(found.criterion)} as yes or no: sensitivity {figure(found.sensitivity)}; specificity {figure(found.specificity)}"
    raw = found.raw_corrected
    clipped = "" if raw is None or raw == found.corrected.value else f", unclipped {number(raw)}"
    yield f"  fails {figure(found.flagged)}; corrected for its errors {figure(found.corrected)}{clipped}"


def probe_line(probe: Probe) -> str:
    """``length (neutral padding): 0.14 (0.09–0.19), p < .001, FLAGGED``."""
    name = f"{probe.name.replace('_', ' ')} ({inline(probe.by)})"
    if probe.status != "measured":
        return f"{name}: {probe.status.replace('_', ' ')}: {inline(probe.why)}"
    p = "p < .001" if (probe.adjusted or 0.0) < 0.001 else f"p {number(probe.adjusted, 3)}"
    ends = interval(probe.low, probe.high)
    return f"{name}: {number(probe.effect)} ({ends}), {p}{', FLAGGED' if probe.flagged else ''}"


def admission_lines(found: Admission) -> Iterator[str]:
    """Whether a gate may rest on it, and every condition it misses."""
    word = "admitted" if found.admitted else "refused: it may triage only"
    yield f"{inline(found.judge)} on {inline(found.criterion)}: {word}"
    if found.threshold is not None:
        yield f"marks up to {found.threshold:g} count as failed (chosen on the calibration split)"
    classes = f"{plural(found.positives, 'failure')}, {plural(found.negatives, 'pass', 'passes')}"
    yield f"test split: {classes}, {plural(found.families, 'family', 'families')}"
    yield f"kappa {figure(found.kappa)}; recall {figure(found.recall)}; precision {figure(found.precision)}"
    if found.repeated:
        yield f"label set: {plural(found.repeated, 'group')} of families hold the same marks one for one; are they copies?"
    if found.waiver:
        yield f"waiver on record: {inline(found.waiver, 300)}"
    yield from (f"- {inline(line, 300)}" for line in found.refusals)
