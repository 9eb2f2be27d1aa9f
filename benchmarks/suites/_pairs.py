"""Stored verdicts on pairs as the rows a judge is measured on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from traceeval.compare import compare_judge
from traceeval.model import Author, Interval, JudgeReport, JudgeRow, PeopleRow, Preference

SIDES: dict[int, Preference] = {0: "tie", 1: "a", 2: "b"}


def settled(row: dict[str, Any], label: int, outputs: tuple[str, str]) -> PeopleRow:
    """What people settled about one pair: 1 and 2 are the outputs, 0 a tie."""
    authors = tuple(Author(length=len(text)) for text in outputs)
    return PeopleRow(subject=row["id"], cluster=row["group"], preference=SIDES[label], authors=authors)


def asked(judge: str, row: dict[str, Any], said: Any, probe: str = "") -> JudgeRow:
    """What a judge said; None, or anything that is no side: it could not be read."""
    preference = SIDES.get(int(said)) if said is not None else None
    return JudgeRow(judge=judge, subject=row["id"], preference=preference, probe=probe)


def report_on(judged: Iterable[JudgeRow], people: Iterable[PeopleRow]) -> JudgeReport | None:
    """The report; None where the judge was asked nothing of it."""
    told = list(judged)
    return compare_judge(told, people) if told else None


def figure(found: Interval) -> dict[str, float | None]:
    """As ``quality.py`` prints it."""
    return {"value": found.value, "low": found.low, "high": found.high}


def accuracy(report: JudgeReport) -> dict[str, float | None]:
    """Of everything asked: a reply that could not be read is wrong."""
    agreed = report.agreement[0]
    share = agreed.n / (agreed.n + report.unread)
    ends = figure(agreed.raw).items()
    return {name: None if value is None else value * share for name, value in ends}


def shifts(report: JudgeReport) -> dict[str, dict[str, float | None]]:
    """How far each probe that stored verdicts allow moved it."""
    measured = (probe for probe in report.probes if probe.status == "measured")
    return {f"shift_{one.name}": {"value": one.effect, "low": one.low, "high": one.high} for one in measured}
