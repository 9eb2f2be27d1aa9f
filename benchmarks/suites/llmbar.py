"""LLMBar: pairs with a gold preference, and published judges' verdicts in both orders.

Metrics by judge, as subsets ``data set: judge``, from the report of ``compare.judge_vs_people``: ``accuracy`` over both
orders, ``swap_consistency``, ``prefers_longer``, and the probes stored verdicts allow. The overall metrics are those of the
judge with the best accuracy over all rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks.suites._pairs import accuracy, asked, figure, report_on, settled, shifts
from traceeval.model import JudgeReport, JudgeRow

ORDERS = {"ab": "", "ba": "swapped"}


def run(rows: list[dict[str, Any]], cv: bool, path: Path) -> dict[str, Any]:
    """The report on each judge. Nothing is fitted."""
    judges = sorted({name for row in rows for name, said in row["judges"].items() if said})
    sets = sorted({row["subset"] for row in rows})
    subsets: dict[str, Any] = {}
    for name in sets:
        part = [row for row in rows if row["subset"] == name]
        reports = ((judge, _report(part, judge)) for judge in judges)
        subsets |= {f"{name}: {judge}": _figures(found) for judge, found in reports if found is not None}
    whole = {judge: report for judge in judges if (report := _report(rows, judge)) is not None}
    best = max(whole, key=lambda judge: accuracy(whole[judge])["value"] or 0.0)
    longest = sum(_longer(row) == int(row["label"]) for row in rows)
    differ = sum(_longer(row) != 0 for row in rows)
    return {
        "metrics": _figures(whole[best]),
        "subsets": subsets | {f"all: {judge}": _figures(report) for judge, report in whole.items()},
        "baselines": {
            "the longer": {"accuracy": longest / len(rows)},
            "gold": {"prefers_longer": longest / differ},
            f"{best} is the judge": {},
        },
        "misses": [],
        "flagged": {judge: report.flags for judge, report in whole.items()},
    }


def _report(rows: Sequence[dict[str, Any]], judge: str) -> JudgeReport | None:
    people = [settled(row, int(row["label"]), (row["output_1"], row["output_2"])) for row in rows]
    return report_on(_asked(rows, judge), people)


def _asked(rows: Sequence[dict[str, Any]], judge: str) -> Iterator[JudgeRow]:
    """A row the judge was not asked about is left out; an order without a verdict could not be read."""
    for row in rows:
        if said := row["judges"].get(judge):
            yield from (asked(judge, row, said.get(order), probe) for order, probe in ORDERS.items())


def _figures(report: JudgeReport) -> dict[str, Any]:
    return {
        "accuracy": accuracy(report),
        "swap_consistency": figure(report.swap_consistency),
        "prefers_longer": figure(report.prefers_longer),
        **shifts(report),
    }


def _longer(row: dict[str, Any]) -> int:
    """Which output is longer in characters, 0 when neither is."""
    first, second = len(row["output_1"]), len(row["output_2"])
    return 0 if first == second else 1 if first > second else 2
