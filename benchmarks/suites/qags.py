"""QAGS: factual consistency of summary sentences against their article, three votes each (evaluation only)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from benchmarks._bootstrap import auroc, balanced_accuracy, measured
from benchmarks.suites._support import Scored, score_rows


def run(rows: list[dict[str, Any]], cv: bool, path: Path) -> dict[str, Any]:
    """AUROC and balanced accuracy at .5, all rows and by subset, with the plain measures beside them.

    Nothing is fitted, so ``--cv`` changes nothing.
    """
    scored = score_rows(
        (row["id"], row["context"], row["claim"], bool(int(row["label"])), row["group"], row["subset"]) for row in rows
    )
    subsets = sorted({one.subset for one in scored})
    return {
        "metrics": metrics(scored),
        "subsets": {name: metrics([one for one in scored if one.subset == name]) for name in subsets},
        "baselines": {
            name: {
                "auroc": auroc([(one.baselines[name], one.label) for one in scored]),
                **{
                    f"auroc_{s}": auroc([(o.baselines[name], o.label) for o in scored if o.subset == s])
                    for s in subsets
                },
            }
            for name in ("unigram", "cov", "lcs")
        }
        | {"majority": {"balanced_accuracy": 0.5, "accuracy": _majority(scored)}},
        "misses": [f"{o.id}: {o.score:.2f} but {'supported' if o.label else 'not'}" for o in _worst(scored)],
    }


def metrics(scored: list[Scored]) -> dict[str, Any]:
    """AUROC and balanced accuracy with intervals over groups."""
    groups = [one.group for one in scored]
    return {
        "auroc": measured(scored, groups, lambda drawn: auroc([(one.score, one.label) for one in drawn])),
        "balanced_accuracy": measured(
            scored, groups, lambda drawn: balanced_accuracy([(one.score >= 0.5, one.label) for one in drawn])
        ),
    }


def _majority(scored: list[Scored]) -> float:
    share = sum(one.label for one in scored) / len(scored)
    return max(share, 1 - share)


def _worst(scored: list[Scored]) -> list[Scored]:
    wrong = [one for one in scored if (one.score >= 0.5) != one.label]
    return sorted(wrong, key=lambda one: -abs(one.score - 0.5))[:40]
