"""MTRAG: RAG answers with their passages, three people each. AUROC of mean faithfulness >= 3.5, and ``spearman``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from benchmarks._bootstrap import measured
from benchmarks.suites._claims import Row, Scored, report

FAITHFUL = 3.5
PUBLISHED = {"rl_f": 0.643, "Bert-KPrec": 0.551, "rb_agg": 0.455, "rb_llm": 0.319}


def run(rows: list[dict[str, Any]], cv: bool, path: Path) -> dict[str, Any]:
    """The metrics of labelled claims, and rank correlation with the mean mark."""
    told = report([_row(row) for row in rows], cv, more=_spearman)
    told["baselines"] |= {f"{name} (published)": {"spearman": rho} for name, rho in PUBLISHED.items()}
    return told


def _row(row: dict[str, Any]) -> Row:
    grade = float(row["faithfulness_mean"])
    texts = [context["text"] for context in row["contexts"]]
    return Row(row["id"], texts, row["response"], grade >= FAITHFUL, row["group"], grade=grade)


def _spearman(found: list[Scored]) -> dict[str, Any]:
    return {"spearman": measured(found, [one.group for one in found], rho)}


def rho(found: list[Scored]) -> float | None:
    """Rank correlation of support and mark; None when either is constant."""
    from scipy.stats import spearmanr

    pairs = [(one.score, one.row.grade or 0.0) for one in found]
    if min(len({pair[side] for pair in pairs}) for side in (0, 1)) < 2:
        return None
    return float(spearmanr([a for a, _ in pairs], [b for _, b in pairs]).statistic)
