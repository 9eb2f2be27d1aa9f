"""PandaLM: pairs of answers, three people each (0 tie, 1, 2), and two published judges.

Metrics: ``kappa_01``, ``kappa_02``, ``kappa_12`` (Cohen) and ``alpha`` (Krippendorff, nominal) between the people;
by judge its ``accuracy`` and ``kappa`` against the majority, ``prefers_longer`` beside the people's.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from benchmarks._bootstrap import exact, measured
from traceeval.measures.agreement import cohen_kappa, nominal_alpha

PAIRS = ((0, 1), (0, 2), (1, 2))


def run(rows: list[dict[str, Any]], cv: bool, path: Path) -> dict[str, Any]:
    """Agreement of people, and of stored verdicts with them. Nothing is fitted."""
    groups = [row["group"] for row in rows]
    metrics = {f"kappa_{a}{b}": measured(rows, groups, _kappa_of(a, b)) for a, b in PAIRS}
    metrics["alpha"] = measured(rows, groups, lambda drawn: nominal_alpha([row["human"] for row in drawn]))
    judges = sorted({name for row in rows for name in row["judges"]})
    people = [(row, row["majority"]) for row in rows]
    return {
        "metrics": metrics,
        "subsets": {name: _judge(rows, groups, name) for name in judges},
        "baselines": {
            "people": {"prefers_longer": prefers_longer(people)},
            "the longer": {"accuracy": sum(longer(row) == row["majority"] for row in rows) / len(rows)},
        },
        "misses": [],
    }


def _kappa_of(a: int, b: int) -> Callable[[list[dict[str, Any]]], float | None]:
    return lambda drawn: cohen_kappa([(row["human"][a], row["human"][b]) for row in drawn])


def _judge(rows: list[dict[str, Any]], groups: list[str], name: str) -> dict[str, Any]:
    """A verdict that could not be read counts as wrong: the denominator is what was asked."""

    def said(drawn: list[dict[str, Any]]) -> list[tuple[Any, Any]]:
        return [(row["judges"].get(name), row["majority"]) for row in drawn]

    return {
        "accuracy": measured(rows, groups, lambda drawn: sum(a == b for a, b in said(drawn)) / len(drawn)),
        "kappa": measured(
            rows, groups, lambda drawn: cohen_kappa([pair for pair in said(drawn) if pair[0] is not None])
        ),
        "prefers_longer": exact(prefers_longer([(row, row["judges"].get(name)) for row in rows])),
    }


def longer(row: dict[str, Any]) -> int:
    """Which answer is longer in characters, 0 when neither is."""
    first, second = len(row["response1"]), len(row["response2"])
    return 0 if first == second else 1 if first > second else 2


def prefers_longer(verdicts: Sequence[tuple[dict[str, Any], Any]]) -> float | None:
    """Share of preferences that went to the longer answer, ties and equal lengths left out."""
    told = [(longer(row), said) for row, said in verdicts if said in (1, 2) and longer(row)]
    return sum(a == b for a, b in told) / len(told) if told else None
