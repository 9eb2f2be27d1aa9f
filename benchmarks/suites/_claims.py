"""What every suite of labelled claims prints: discrimination, calibration, and accuracy where some are left undecided.

Metrics: ``auroc``, ``balanced_accuracy`` (at .5), ``ece``, ``accuracy_at_70`` … ``accuracy_at_100``: accuracy on that
share of the claims, the surest first. With ``--cv`` the last two also with the suffix ``_cal``: two numbers fitted on 40
labels drawn by group, scored on the rows of other groups, mean of 20 seeds (rulings.md 19).
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from benchmarks._bootstrap import auroc, balanced_accuracy, exact, measured
from traceeval.judge import Ask
from traceeval.judge.checkers.lexical import LexicalChecker
from traceeval.measures.calibration import Platt, ece, fit
from traceeval.measures.tokens import tokenise
from traceeval.model import Passage

PLAIN = ("unigram", "cov", "lcs")
SHARES = (70, 80, 90, 100)
LABELS, SEEDS = 40, 20


@dataclass(frozen=True, slots=True)
class Row:
    """A text somebody judged against its contexts."""

    id: str
    contexts: Sequence[str]
    answer: str
    label: bool
    group: str
    subset: str = ""
    grade: float | None = None


@dataclass(frozen=True, slots=True)
class Scored:
    """A row with the shipped checker's support (0 when nothing was checkable) and the plain measures."""

    row: Row
    score: float
    plain: Mapping[str, float] = field(default_factory=dict)

    @property
    def group(self) -> str:
        """What may not be split."""
        return self.row.group


def score(rows: Iterable[Row], checker: LexicalChecker | None = None) -> list[Scored]:
    """Score every row with the embedded checker."""
    reader = checker or LexicalChecker()
    return [_scored(row, reader) for row in rows]


def _scored(row: Row, checker: LexicalChecker) -> Scored:
    passages = tuple(Passage(id=f"p{n}", text=text) for n, text in enumerate(row.contexts))
    checked = checker.check(Ask.supports(row.answer, passages))
    features = [dict(verdict.features) for verdict in checked.verdicts] or [{"cov": 0.0, "lcs": 0.0}]
    plain = {name: sum(one[name] for one in features) / len(features) for name in ("cov", "lcs")}
    return Scored(row, checked.support or 0.0, {**plain, "unigram": _unigram(row)})


def _unigram(row: Row) -> float:
    """Share of the answer's tokens that occur in the contexts."""
    words, known = tokenise(row.answer).low, {word for text in row.contexts for word in tokenise(text).low}
    return sum(word in known for word in words) / len(words) if words else 0.0


def report(
    rows: Sequence[Row], cv: bool, more: Callable[[list[Scored]], dict[str, Any]] | None = None
) -> dict[str, Any]:
    """Metrics over all rows and by subset, plain measures beside them, the worst misses. ``more`` adds metrics."""
    found = score(rows)
    subsets = sorted({row.subset for row in rows} - {""})
    extra = more or (lambda scored: {})
    return {
        "metrics": metrics(found, cv) | extra(found),
        "subsets": {
            name: metrics(part, cv) for name in subsets if (part := [o for o in found if o.row.subset == name])
        },
        "baselines": {name: _baseline(found, name, subsets) for name in PLAIN} | {"majority": _majority(found)},
        "misses": [
            f"{one.row.id}: {one.score:.2f} but {'supported' if one.row.label else 'not'}" for one in _worst(found)
        ],
    }


def metrics(found: Sequence[Scored], cv: bool) -> dict[str, Any]:
    """The shared metrics of one set of rows."""
    pairs = [(one.score, one.row.label) for one in found]
    groups = [one.group for one in found]
    told: dict[str, Any] = {
        "auroc": measured(found, groups, lambda drawn: auroc([(o.score, o.row.label) for o in drawn])),
        "balanced_accuracy": measured(
            found, groups, lambda drawn: balanced_accuracy([(o.score >= 0.5, o.row.label) for o in drawn])
        ),
        "ece": exact(ece(pairs)),
        **{f"accuracy_at_{share}": exact(accuracy_at(pairs, share / 100)) for share in SHARES},
    }
    return told | (calibrated(found) if cv else {})


def accuracy_at(pairs: Sequence[tuple[float, bool]], share: float) -> float | None:
    """Accuracy at .5 on the surest ``share`` of (probability, label); None without any."""
    sure = sorted(pairs, key=lambda pair: -abs(pair[0] - 0.5))[: round(share * len(pairs))]
    return sum((p >= 0.5) == label for p, label in sure) / len(sure) if sure else None


def calibrated(found: Sequence[Scored]) -> dict[str, Any]:
    """ECE and accuracies after 40 labels; None where no draw had two labels of each class."""
    drawn = [one for seed in range(SEEDS) if (one := _draw(found, seed)) is not None]
    names = [f"accuracy_at_{share}_cal" for share in SHARES]
    told = {name: [accuracy_at(rest, share / 100) for rest in drawn] for name, share in zip(names, SHARES, strict=True)}
    told["ece_cal"] = [ece(rest) for rest in drawn]
    return {name: exact(_mean(values)) for name, values in told.items()}


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None


def _draw(found: Sequence[Scored], seed: int) -> list[tuple[float, bool]] | None:
    """Fit on 40 labels of some groups; (probability, label) of the rows of all others."""
    groups: dict[str, list[Scored]] = {}
    for one in found:
        groups.setdefault(one.group, []).append(one)
    order = sorted(groups)
    random.Random(seed).shuffle(order)
    taken: list[Scored] = []
    used = set()
    for group in order:
        if len(taken) >= LABELS:
            break
        used.add(group)
        taken += groups[group]
    labels = [(one.score, one.row.label) for one in taken[:LABELS]]
    rest = [one for one in found if one.group not in used]
    if min(sum(label for _, label in labels), sum(not label for _, label in labels)) < 2 or not rest:
        return None
    model: Platt = fit(labels)
    return [(model(one.score), one.row.label) for one in rest]


def _baseline(found: Sequence[Scored], name: str, subsets: Sequence[str]) -> dict[str, float | None]:
    told = {"auroc": auroc([(one.plain[name], one.row.label) for one in found])}
    for subset in subsets:
        told[f"auroc_{subset}"] = auroc([(o.plain[name], o.row.label) for o in found if o.row.subset == subset])
    return told


def _majority(found: Sequence[Scored]) -> dict[str, float]:
    share = sum(one.row.label for one in found) / len(found)
    return {"balanced_accuracy": 0.5, "accuracy_at_100": max(share, 1 - share)}


def _worst(found: Sequence[Scored]) -> list[Scored]:
    wrong = [one for one in found if (one.score >= 0.5) != one.row.label]
    return sorted(wrong, key=lambda one: -abs(one.score - 0.5))[:40]
