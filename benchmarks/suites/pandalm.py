"""PandaLM: pairs of answers, three people each (0 tie, 1, 2), and two published judges.

Metrics: ``kappa_01``, ``kappa_02``, ``kappa_12`` (Cohen) and ``alpha`` (Krippendorff, nominal) between the people;
by judge, from the report of ``compare.judge_vs_people``, its ``accuracy`` and ``kappa_quadratic`` against the majority, its
``prefers_longer``, and the probes stored verdicts allow.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks._bootstrap import measured
from benchmarks.suites._pairs import accuracy, asked, figure, report_on, settled, shifts
from traceeval.measures.agreement import cohen_kappa, nominal_alpha

PAIRS = ((0, 1), (0, 2), (1, 2))


def run(rows: list[dict[str, Any]], cv: bool, path: Path) -> dict[str, Any]:
    """Agreement of people, and of stored verdicts with them. Nothing is fitted."""
    groups = [row["group"] for row in rows]
    metrics = {f"kappa_{a}{b}": measured(rows, groups, _kappa_of(a, b)) for a, b in PAIRS}
    metrics["alpha"] = measured(rows, groups, lambda drawn: nominal_alpha([row["human"] for row in drawn]))
    people = [settled(row, row["majority"], (row["response1"], row["response2"])) for row in rows]
    subsets, flagged, longer = {}, {}, None
    for judge in sorted({name for row in rows for name in row["judges"]}):
        report = report_on([asked(judge, row, row["judges"].get(judge)) for row in rows], people)
        if report is not None:
            flagged[judge] = report.flags
            longer = report.people_prefer_longer.value
            subsets[judge] = {
                "accuracy": accuracy(report),
                "kappa": measured(rows, groups, _kappa(judge)),
                "kappa_quadratic": figure(report.agreement[0].kappa),
                "prefers_longer": figure(report.prefers_longer),
                **shifts(report),
            }
    longest = sum(_longer(row) == row["majority"] for row in rows) / len(rows)
    return {
        "metrics": metrics,
        "subsets": subsets,
        "baselines": {"people": {"prefers_longer": longer}, "the longer": {"accuracy": longest}},
        "misses": [],
        "flagged": flagged,
    }


def _kappa_of(a: int, b: int) -> Callable[[list[dict[str, Any]]], float | None]:
    return lambda drawn: cohen_kappa([(row["human"][a], row["human"][b]) for row in drawn])


def _kappa(judge: str) -> Callable[[list[dict[str, Any]]], float | None]:
    """Cohen's, nominal, as published; a verdict that could not be read is left out."""
    return lambda drawn: cohen_kappa(
        [(said, row["majority"]) for row in drawn if (said := row["judges"].get(judge)) is not None]
    )


def _longer(row: dict[str, Any]) -> int:
    """Which answer is longer in characters, 0 when neither is."""
    first, second = len(row["response1"]), len(row["response2"])
    return 0 if first == second else 1 if first > second else 2
