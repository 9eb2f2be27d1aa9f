"""RAGChecker's meta-evaluation: pairs of RAG answers, two people's preferences from -2 to 2.

``pearson_correctness``, ``pearson_completeness``, ``pearson_overall``: correlation of the difference of our answer scores
(second minus first) with every person's label. Correctness is the share of the answer the reference supports,
completeness the share of the reference the answer supports, overall their harmonic mean.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks._bootstrap import measured
from traceeval.judge import Ask
from traceeval.judge.checkers.lexical import LexicalChecker
from traceeval.model import Passage

ASPECTS = ("correctness", "completeness", "overall")
SETS = ("model1", "model2")
PUBLISHED = {"people with people": (0.577, 0.724, 0.721), "RAGChecker": (0.419, 0.626, 0.599)}


def run(rows: list[dict[str, Any]], cv: bool, path: Path) -> dict[str, Any]:
    """Correlations with people, beside RAGChecker's own verdicts on the same rows and the difference of lengths."""
    ours = {row["id"]: _difference(row) for row in rows}
    groups = [row["group"] for row in rows]

    def of(values: dict[str, dict[str, float]], aspect: str, drawn: Sequence[dict[str, Any]]) -> float | None:
        return pearson([(values[r["id"]][aspect], y) for r in drawn for y in r["human"][f"{aspect}_label"]])

    lengths = {row["id"]: dict.fromkeys(ASPECTS, float(_length(row, 1) - _length(row, 0))) for row in rows}
    theirs = {
        row["id"]: {
            a: float(row["ragchecker"]["model2"][f"{a}_label"]) - float(row["ragchecker"]["model1"][f"{a}_label"])
            for a in ASPECTS
        }
        for row in rows
    }
    names = {aspect: f"pearson_{aspect}" for aspect in ASPECTS}
    return {
        "metrics": {
            names[a]: measured(rows, groups, lambda drawn, a=a: of(ours, a, drawn))  # type: ignore[misc]
            for a in ASPECTS
        },
        "subsets": {},
        "baselines": {
            "RAGChecker, same rows": {names[a]: of(theirs, a, rows) for a in ASPECTS},
            "length difference": {names[a]: of(lengths, a, rows) for a in ASPECTS},
            **{f"{who} (published)": dict(zip(names.values(), told, strict=True)) for who, told in PUBLISHED.items()},
        },
        "misses": [],
    }


def _length(row: dict[str, Any], which: int) -> int:
    return len(row[SETS[which]]["response"])


def _difference(row: dict[str, Any]) -> dict[str, float]:
    first, second = (scores(row[name]["response"], row["gt_answer"]) for name in SETS)
    return {aspect: second[aspect] - first[aspect] for aspect in ASPECTS}


def scores(answer: str, reference: str) -> dict[str, float]:
    """Correctness, completeness and overall of one answer against its reference, 0..1."""
    correctness, completeness = support(answer, reference), support(reference, answer)
    both = correctness + completeness
    return {
        "correctness": correctness,
        "completeness": completeness,
        "overall": 2 * correctness * completeness / both if both else 0.0,
    }


def support(answer: str, text: str) -> float:
    """Mean support of the claims of an answer by a text; 0 without claims."""
    checked = LexicalChecker().check(Ask.supports(answer, (Passage(id="p", text=text),)))
    known = [v.p for v in checked.verdicts if v.outcome != "not_checkable" and v.p is not None]
    return sum(known) / len(known) if known else 0.0


def pearson(pairs: Sequence[tuple[float, float]]) -> float | None:
    """Product-moment correlation, -1..1; None when either side is constant."""
    if min(len({pair[side] for pair in pairs}) for side in (0, 1)) < 2:
        return None
    from scipy.stats import pearsonr

    return float(pearsonr([a for a, _ in pairs], [float(b) for _, b in pairs]).statistic)
