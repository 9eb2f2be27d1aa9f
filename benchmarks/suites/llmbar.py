"""LLMBar: pairs with a gold preference, and published judges' verdicts in both orders.

Metrics by judge, as subsets ``data set: judge``: ``accuracy`` over both orders, ``swap_consistency``,
``prefers_longer``. The overall metrics are those of the judge with the best accuracy over all rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks._bootstrap import exact, measured

Told = tuple[dict[str, Any], dict[str, int]]


def run(rows: list[dict[str, Any]], cv: bool, path: Path) -> dict[str, Any]:
    """The report on each judge. Nothing is fitted."""
    judges = sorted({name for row in rows for name, said in row["judges"].items() if said})
    sets = sorted({row["subset"] for row in rows})
    subsets: dict[str, Any] = {}
    for name in sets:
        part = [row for row in rows if row["subset"] == name]
        subsets |= {f"{name}: {judge}": _exactly(told) for judge in judges if (told := _told(part, judge))}
    best = max(judges, key=lambda judge: accuracy(_told(rows, judge)) or 0.0)
    told = _told(rows, best)
    groups = [row["group"] for row, _ in told]
    return {
        "metrics": {
            "accuracy": measured(told, groups, accuracy),
            "swap_consistency": measured(told, groups, swap_consistency),
            "prefers_longer": measured(told, groups, prefers_longer),
        },
        "subsets": subsets,
        "baselines": {
            "the longer": {"accuracy": sum(longer(row) == int(row["label"]) for row in rows) / len(rows)},
            "gold": {
                "prefers_longer": sum(longer(row) == int(row["label"]) for row in rows if longer(row))
                / sum(map(_differs, rows))
            },
            f"{best} is the judge": {},
        },
        "misses": [],
    }


def _told(rows: Sequence[dict[str, Any]], judge: str) -> list[Told]:
    """The verdicts of a judge, as numbers; a row it was not asked about is left out."""
    return [(row, _numbers(row["judges"][judge])) for row in rows if row["judges"].get(judge)]


def _numbers(said: dict[str, Any]) -> dict[str, int]:
    return {order: int(verdict) for order, verdict in said.items() if verdict is not None}


def _exactly(told: list[Told]) -> dict[str, Any]:
    return {
        "accuracy": exact(accuracy(told)),
        "swap_consistency": exact(swap_consistency(told)),
        "prefers_longer": exact(prefers_longer(told)),
    }


def accuracy(told: Sequence[Told]) -> float | None:
    """Share of verdicts, both orders, that are the gold preference; an unreadable verdict is wrong."""
    verdicts = [(int(row["label"]), said.get(order)) for row, said in told for order in ("ab", "ba")]
    return sum(a == b for a, b in verdicts) / len(verdicts) if verdicts else None


def swap_consistency(told: Sequence[Told]) -> float | None:
    """Share of pairs with the same preference in both orders."""
    both = [said for _, said in told if said.get("ab") is not None and said.get("ba") is not None]
    return sum(said["ab"] == said["ba"] for said in both) / len(both) if both else None


def prefers_longer(told: Sequence[Told]) -> float | None:
    """Share of verdicts that went to the longer output; equal lengths left out."""
    verdicts = [(longer(row), said.get(order)) for row, said in told for order in ("ab", "ba") if longer(row)]
    known = [(a, b) for a, b in verdicts if b in (1, 2)]
    return sum(a == b for a, b in known) / len(known) if known else None


def longer(row: dict[str, Any]) -> int:
    """Which output is longer in characters, 0 when neither is."""
    first, second = len(row["output_1"]), len(row["output_2"])
    return 0 if first == second else 1 if first > second else 2


def _differs(row: dict[str, Any]) -> bool:
    return longer(row) != 0
